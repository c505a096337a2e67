/** What a notebook must keep to besides what the document stage looks for: rules on the file that
 *  people write, not on the report that it becomes. */

import type { Place, Problem } from '../../errors.js';
import { readPublished } from '../document/published.js';
import { type CodePart, type Part, readCells } from '../document/read-cells.js';
import { placeOf, type SourceToken } from '../document/source-token.js';
import type { Ledger } from '../document/types.js';
import type { Cell, Notebook } from '../notebook/types.js';

/** Outputs, labels and headings. */
export function sourceProblems(notebook: Notebook): Problem[] {
  const parts = readCells(notebook, () => undefined);
  const code = parts.filter((part): part is CodePart => part.kind === 'code');
  return [...code.flatMap(keptOutputs), ...labelProblems(code), ...headingJumps(parts)];
}

/** Outputs of a cell that is never run are the author's own. */
function keptOutputs({ cell, options, where }: CodePart): Problem[] {
  const { outputs, execution_count: count } = cell;
  if (options.skipExecution || (outputs.length === 0 && count === null)) return [];
  const got = outputs.length === 0 ? `execution count ${count}` : `${outputs.length}`;
  const message = `expected a cell without outputs, got ${got}`;
  const hint = 'In JupyterLab choose Edit, Clear Outputs of All Cells, and save.';
  return [warning('outputs-left-out', where, message, hint)];
}

function labelProblems(parts: readonly CodePart[]): Problem[] {
  const first = new Map<string, Place>();
  return parts.flatMap(({ options: { label }, code, where }) => {
    if (code.trim() === '') return [];
    if (label === undefined) {
      const hint = 'Write //| label: name as its first line: errors and links name the cell by it.';
      return [warning('cell-labelled', where, 'expected a label, got none', hint)];
    }
    const other = first.get(label);
    if (other === undefined) {
      first.set(label, where);
      return [];
    }
    const message = `expected a label of its own, got “${label}”, which stands in cell ${other.cell} too`;
    return [
      { ...warning('label-unique', where, message, 'Change one of the two.'), severity: 'error' },
    ];
  });
}

/** Deeper levels and second titles are mistakes in themselves, which the document stage tells. */
function headingJumps(parts: readonly Part[]): Problem[] {
  let above = 1;
  return headingsOf(parts).flatMap(({ level, where }) => {
    const jumps = level === 3 && above === 1;
    above = level;
    const message = `expected a heading of level 2, got one of level 3 under level 1`;
    const hint = 'Write ##, or put a heading of level 2 before it.';
    return jumps ? [warning('heading-order', where, message, hint)] : [];
  });
}

function headingsOf(parts: readonly Part[]): { readonly level: number; readonly where: Place }[] {
  return parts.flatMap((part) => {
    if (part.kind === 'code') return [];
    let depth = 0;
    return part.tokens.flatMap((token: SourceToken) => {
      const isHeading = token.type === 'heading_open' && depth === 0;
      depth += token.nesting;
      return isHeading
        ? [{ level: Number(token.tag.slice(1)), where: placeOf(token, part.where) }]
        : [];
    });
  });
}

/** A claim with rules that no cell of `run` publishes has no box in the report. */
export function unplacedClaims(ledger: Ledger | null, run: Notebook): Problem[] {
  const placed = new Set(run.cells.flatMap(claimsIn));
  return (ledger?.claims ?? []).flatMap(({ id, rules, line }) => {
    if (rules === undefined || placed.has(id)) return [];
    const message = `claim ${id}: expected a cell that publishes it, got none`;
    const hint = `Write claim("${id}") where it is measured, or say under open why it is not.`;
    return [warning('claim-placed', { file: ledger?.path ?? '', line }, message, hint)];
  });
}

function claimsIn(cell: Cell): string[] {
  if (cell.cell_type !== 'code') return [];
  return cell.outputs.map(readPublished).flatMap((reading) => {
    return reading.state === 'read' && reading.published.kind === 'claim'
      ? [reading.published.id]
      : [];
  });
}

function warning(rule: string, where: Place, message: string, hint: string): Problem {
  return { rule, severity: 'warning', where, message, hint };
}
