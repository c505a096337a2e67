import type { CellOptions, CodeCell } from '../notebook/types.js';
import { isVegaLite } from './mime-text.js';
import type { PublishedReading } from './published.js';

/** A figure or a table that the page numbers. */
export interface Exhibit {
  readonly kind: 'fig' | 'tbl';
  /** Index of its output in the cell. */
  readonly output: number;
  /** Element id: the cell's label, or one made from the cell. */
  readonly id: string;
  /** The first one of a cell carries the cell's label, caption and alternative text. */
  readonly labelled: boolean;
  /** The plots of a figure that the cell's `fig-subcap` divides. */
  readonly parts?: readonly ExhibitPart[];
}

export interface ExhibitPart {
  readonly output: number;
  /** The figure's id and the letter: `fig-growth-a`. */
  readonly id: string;
  readonly letter: string;
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
  return options.partCaptions === undefined ? exhibits : joinParts(exhibits);
}

/** All figures of the cell as parts of the first one. */
function joinParts(exhibits: readonly Exhibit[]): Exhibit[] {
  const figures = exhibits.filter(({ kind }) => kind === 'fig');
  const [first] = figures;
  if (first === undefined) return [...exhibits];
  const parts = figures.map(({ output }, index) => {
    const letter = partLetter(index);
    return { output, letter, id: `${first.id}-${letter}` };
  });
  const tables = exhibits.filter(({ kind }) => kind !== 'fig');
  return [{ ...first, parts }, ...tables];
}

/** `a` for the first part of a figure, `b` for the second. */
export function partLetter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
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
