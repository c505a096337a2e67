import type { Place } from '../../errors.js';
import type { CellOptions, CodeCell } from '../notebook/types.js';
import { isVegaLite } from './mime-text.js';
import type { PublishedReading } from './published.js';
import type { Report } from './source-token.js';

/** A figure or a table that the page numbers. */
export interface Exhibit {
  readonly kind: 'fig' | 'tbl';
  /** Index of its output in the cell. */
  readonly output: number;
  /** Element id: the cell's label, or one made from the cell. */
  readonly id: string;
  /** The first one of a cell carries the cell's label, caption and alternative text. */
  readonly labelled: boolean;
}

/** The figures and tables among the outputs of a cell, in order. */
export function findExhibits(
  cell: CodeCell,
  options: CellOptions,
  readings: readonly PublishedReading[],
): Exhibit[] {
  const exhibits: Exhibit[] = [];
  readings.forEach((reading, output) => {
    const kind = exhibitKind(cell, output, reading, options.label);
    if (kind === null) return;
    const labelled = exhibits.length === 0;
    const rank = labelled ? '' : `-${exhibits.length + 1}`;
    const own = labelled && options.label?.startsWith(`${kind}-`);
    const id = own ? (options.label as string) : `${kind}-cell-${cell.id}${rank}`;
    exhibits.push({ kind, output, id, labelled });
  });
  return exhibits;
}

function exhibitKind(
  cell: CodeCell,
  index: number,
  reading: PublishedReading,
  label: string | undefined,
): Exhibit['kind'] | null {
  if (reading.state === 'read') {
    const { kind } = reading.published;
    if (kind === 'figure' || kind === 'grid') return 'fig';
    return kind === 'table' ? 'tbl' : null;
  }
  // A plain Vega-Lite output becomes a figure when its cell has a figure's label.
  const output = cell.outputs[index];
  const drawn =
    output !== undefined && 'data' in output && Object.keys(output.data).some(isVegaLite);
  return drawn && label?.startsWith('fig-') ? 'fig' : null;
}

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

/** Says what a cell with figures or tables lacks: label, caption, alternative text. */
export function checkExhibits(
  exhibits: readonly Exhibit[],
  cell: CodeCell,
  options: CellOptions,
  where: Place,
  report: Report,
): void {
  const say = (rule: string, severity: 'error' | 'warning', message: string, hint: string): void =>
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
  if (first.kind === 'fig' && options.alt === undefined) {
    const hint = 'Write //| fig-alt: with what a sighted reader concludes.';
    say(
      'figure-described',
      'warning',
      'expected an alternative text of the figure, got none',
      hint,
    );
  }
  if (exhibits.length > 1) {
    const message = `expected one figure or table a cell, got ${exhibits.length}`;
    say('one-exhibit-a-cell', 'warning', message, 'Divide the cell: only the first is captioned.');
  }
}
