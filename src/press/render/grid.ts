import type { GridImage } from '../../mime.js';
import { escapeHtml, escapeProse } from './escape.js';
import type { Target } from './options.js';

export interface Grid {
  readonly rows: readonly (readonly GridImage[])[];
  readonly heads?: readonly string[];
  readonly signs?: readonly string[];
  readonly scale: number;
}

/** Room for a row of images, in CSS pixels. */
const ROOM = { screen: 640, print: 620, narrow: 316 };
/** A sign between two columns, and the gap between two images. */
const SIGN = 22;
const GAP = 10;

/** Digits and perturbations pixel by pixel. The enlargement is always a whole number, smaller where
 *  the page is narrow. The figure is one image to a screen reader: `alt` says it all. */
export function renderGrid(grid: Grid, alt: string, target: Target): string {
  const scale = fittingScale(grid, ROOM[target]);
  const narrow = Math.min(scale, fittingScale(grid, ROOM.narrow));
  const columns = Math.max(0, ...grid.rows.map((row) => row.length));
  const template = Array.from({ length: columns }, (_, index) =>
    index > 0 && signBefore(grid, index) !== undefined ? 'auto auto' : 'auto',
  ).join(' ');
  const style = `--scale:${scale};--narrow:${narrow};grid-template-columns:${template}`;
  const cells = [headRow(grid, columns), ...grid.rows.map((row) => gridRow(row, grid, columns))];
  return (
    `<div class="scroll" tabindex="0"><div class="grid" role="img" aria-label="${escapeHtml(alt)}" ` +
    `style="${style}">${cells.join('\n')}</div></div>`
  );
}

/** The largest whole enlargement, up to the one asked for, at which the widest row fits; at least 1. */
export function fittingScale(grid: Grid, room: number): number {
  const signs = (grid.signs ?? []).filter((sign) => sign !== '').length * SIGN;
  const scales = grid.rows.map((row) => {
    const pixels = row.reduce((sum, { width }) => sum + width, 0);
    const rest = room - signs - GAP * Math.max(0, row.length - 1) - 2 * row.length;
    return Math.floor(rest / Math.max(1, pixels));
  });
  return Math.max(1, Math.min(Math.floor(grid.scale), ...scales));
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

function gridRow(row: readonly GridImage[], grid: Grid, columns: number): string {
  return Array.from({ length: columns }, (_, index) => {
    const sign = index > 0 ? signBefore(grid, index) : undefined;
    const between = sign === undefined ? '' : `<span class="grid-sign">${escapeProse(sign)}</span>`;
    const image = row[index];
    return between + (image === undefined ? '<span></span>' : gridCell(image));
  }).join('');
}

/** One image with its lines of text. The base64 text is checked: nothing else may be an address. */
export function gridCell({ png, width, height, above, below, wrong }: GridImage): string {
  const data = /^[\w+/]+={0,2}$/.test(png) ? png : '';
  const line = (text: string | undefined, place: string): string =>
    text === undefined ? '' : `<span class="${place}">${escapeProse(text)}</span>`;
  return (
    `<span class="grid-cell${wrong === true ? ' wrong' : ''}">${line(above, 'above')}` +
    `<img src="data:image/png;base64,${data}" alt="" style="--w:${width};--h:${height}">` +
    `${line(below, 'below')}</span>`
  );
}
