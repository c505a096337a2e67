import type { GridImage } from '../../mime.js';
import { escapeHtml, escapeProse } from './escape.js';
import type { FigureRoom, Target } from './options.js';

interface Grid {
  readonly rows: readonly (readonly GridImage[])[];
  readonly heads?: readonly string[];
  readonly signs?: readonly string[];
  readonly scale: number;
}

/** Room for a row of images, gap between two columns and width of a sign, in CSS pixels. */
interface Room {
  readonly width: number;
  readonly gap: number;
  readonly sign: number;
  /** Largest enlargement; on paper pixels of one millimetre are enough. */
  readonly most: number;
}

const WIDE: Room = { width: 640, gap: 10, sign: 12, most: 12 };
const ROOMS: { readonly [target in Target]: { readonly [room in FigureRoom]: Room } } = {
  screen: { column: WIDE, part: { ...WIDE, width: 305 } },
  print: { column: { ...WIDE, width: 620, most: 4 }, part: { ...WIDE, width: 300, most: 4 } },
};
const NARROW: Room = { width: 326, gap: 6, sign: 12, most: 12 };

/** Digits and perturbations pixel by pixel. The enlargement is always a whole number, smaller where
 *  the page is narrow. The figure is one image to a screen reader: `alt` says it all. */
export function renderGrid(
  grid: Grid,
  alt: string,
  target: Target,
  room: FigureRoom = 'column',
): string {
  const scale = fittingScale(grid, ROOMS[target][room]);
  const wraps = grid.rows.length === 1 && grid.heads === undefined && grid.signs === undefined;
  // A single row may break, so it need not shrink until it fits.
  const narrow = Math.min(scale, wraps ? 3 : fittingScale(grid, NARROW));
  const columns = Math.max(0, ...grid.rows.map((row) => row.length));
  const template = Array.from({ length: columns }, (_, index) =>
    index > 0 && signBefore(grid, index) !== undefined ? 'auto auto' : 'auto',
  ).join(' ');
  const style = `--scale:${scale};--narrow:${narrow};grid-template-columns:${template}`;
  const cells = [headRow(grid, columns), ...grid.rows.map((row) => gridRow(row, grid, columns))];
  return (
    `<div class="scroll" tabindex="0"><div class="${wraps ? 'grid wraps' : 'grid'}" role="img" aria-label="${escapeHtml(alt)}" ` +
    `style="${style}">${cells.join('\n')}</div></div>`
  );
}

/** The largest whole enlargement, up to the one asked for, at which the widest row fits; at least 1. */
function fittingScale(grid: Grid, { width, gap, sign, most }: Room): number {
  const signs = (grid.signs ?? []).filter((text) => text !== '').length;
  const scales = grid.rows.map((row) => {
    const pixels = row.reduce((sum, image) => sum + image.width, 0);
    const gaps = gap * Math.max(0, row.length - 1 + signs);
    return Math.floor((width - signs * sign - gaps - 2 * row.length) / Math.max(1, pixels));
  });
  return Math.max(1, Math.min(most, Math.floor(grid.scale), ...scales));
}

function signBefore({ signs }: Grid, column: number): string | undefined {
  const sign = signs?.[column - 1];
  return sign === '' ? undefined : sign;
}

function headRow(grid: Grid, columns: number): string {
  if (grid.heads === undefined) return '';
  return Array.from({ length: columns }, (_, index) => {
    const gap = index > 0 && signBefore(grid, index) !== undefined ? '<span></span>' : '';
    return `${gap}<span class="grid-head">${escapeProse(grid.heads?.[index] ?? '')}</span>`;
  }).join('');
}

/** Every cell of a row gets the lines that any of them has, so that the images stand in line. */
function gridRow(row: readonly GridImage[], grid: Grid, columns: number): string {
  const blank = {
    ...(row.some(({ above }) => above !== undefined) ? { above: '\u00a0' } : {}),
    ...(row.some(({ below }) => below !== undefined) ? { below: '\u00a0' } : {}),
  };
  return Array.from({ length: columns }, (_, index) => {
    const sign = index > 0 ? signBefore(grid, index) : undefined;
    const between = sign === undefined ? '' : signCell(sign, blank);
    const image = row[index];
    return between + (image === undefined ? '<span></span>' : gridCell({ ...blank, ...image }));
  }).join('');
}

function signCell(sign: string, { above, below }: { above?: string; below?: string }): string {
  return (
    `<span class="grid-cell">${line(above, 'above')}` +
    `<span class="grid-sign">${escapeProse(sign)}</span>${line(below, 'below')}</span>`
  );
}

function line(text: string | undefined, place: string): string {
  return text === undefined ? '' : `<span class="${place}">${escapeProse(text)}</span>`;
}

/** One image with its lines of text. The base64 text is checked: nothing else may be an address. */
function gridCell({ png, width, height, above, below, wrong }: GridImage): string {
  const data = /^[\w+/]+={0,2}$/.test(png) ? png : '';
  return (
    `<span class="grid-cell${wrong === true ? ' wrong' : ''}">${line(above, 'above')}` +
    `<img src="data:image/png;base64,${data}" alt="" style="--w:${width};--h:${height}">` +
    `${line(below, 'below')}</span>`
  );
}
