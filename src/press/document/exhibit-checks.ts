import type { Place, Problem } from '../../errors.js';
import type { CellOptions, CodeCell } from '../notebook/types.js';
import type { Exhibit } from './exhibits.js';
import type { Report } from './source-token.js';

/** What a cell promises with its label and does not show; null when it keeps its word. A cell that
 *  failed has said so already. */
export function missingExhibit(
  cell: CodeCell,
  { label, include, output }: CellOptions,
  exhibits: readonly Exhibit[],
): Exhibit['kind'] | null {
  if (exhibits.length > 0 || !include || !output) return null;
  if (cell.outputs.some(({ output_type }) => output_type === 'error')) return null;
  const kind = /^(fig|tbl)-/.exec(label ?? '')?.[1];
  return kind === 'fig' || kind === 'tbl' ? kind : null;
}

const NAMES = { fig: 'figure', tbl: 'table' } as const;

type Say = (rule: string, severity: Problem['severity'], message: string, hint: string) => void;

/** Says what a cell with figures or tables lacks: label, caption, alternative text. */
export function checkExhibits(
  exhibits: readonly Exhibit[],
  cell: CodeCell,
  options: CellOptions,
  where: Place,
  report: Report,
): void {
  const say: Say = (rule, severity, message, hint) =>
    report({ rule, severity, where, message, hint });
  const [first] = exhibits;
  if (first === undefined) {
    const expected = missingExhibit(cell, options, exhibits);
    if (expected === null) return;
    const message = `expected a ${NAMES[expected]} from a cell labelled “${options.label}”, got none`;
    say('label-matches', 'error', message, 'Run the cell, publish in it, or take the label away.');
    return;
  }
  const name = NAMES[first.kind];
  if (!options.label?.startsWith(`${first.kind}-`)) {
    const got = options.label === undefined ? 'none' : `“${options.label}”`;
    const hint = `Write //| label: ${first.kind}-name as first line of the cell.`;
    say('exhibit-labelled', 'warning', `expected a label of the ${name}, got ${got}`, hint);
  }
  if (options.caption === undefined) {
    const hint = `Write //| ${first.kind === 'fig' ? 'fig' : 'tbl'}-cap: with what it shows.`;
    say('exhibit-captioned', 'warning', `expected a caption of the ${name}, got none`, hint);
  }
  if (first.kind === 'fig' && options.alt === undefined && options.partAlts === undefined) {
    const hint = 'Write //| fig-alt: with what a sighted reader concludes.';
    say(
      'figure-described',
      'warning',
      'expected an alternative text of the figure, got none',
      hint,
    );
  }
  checkParts(first, options, say);
  if (exhibits.length > 1) {
    const message = `expected one figure or table a cell, got ${exhibits.length}`;
    say('one-exhibit-a-cell', 'warning', message, 'Divide the cell: only the first is captioned.');
  }
}

/** Every part of a figure has a caption and, where there is a list of them, an alternative text. */
function checkParts({ parts }: Exhibit, { partCaptions, partAlts }: CellOptions, say: Say): void {
  const count = parts?.length ?? 0;
  const lists = [
    ['fig-subcap', partCaptions],
    ['fig-alt', partAlts],
  ] as const;
  for (const [option, texts] of lists) {
    if (texts === undefined || texts.length === count) continue;
    const message = `expected one ${option} a part, got ${texts.length} for ${count} parts`;
    const hint = 'Publish each part in this cell; fig-subcap names the parts in their order.';
    say('parts-described', 'warning', message, hint);
  }
}
