/** Which figures are drawn: the lab refuses the others in their cell, the press on the page. */

import type { VegaLiteSpec } from './mime.js';

/** Why a specification is not drawn, in the words of a problem. */
interface Refusal {
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
}

/** Keys that make Vega load something or link somewhere, wherever they stand in a specification:
 *  `data.url`, `from.data.url` of a lookup, `mark.url` and `encoding.url` of pictures. */
const ADDRESS_KEYS = new Set(['url', 'href']);

/** A picture that is no address, since it holds itself: a PNG in base64. */
const PICTURE = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/;

/** Keys that say how many rows a transform makes, how many bins it fills or ticks an axis has. */
const COUNT_KEYS = new Set(['steps', 'maxsteps', 'maxbins', 'tickCount']);

/** Most rows in one place of a figure: more take minutes to draw and weigh more than the report. */
const MOST_ROWS = 100_000;

/** A Vega-Lite specification is an object; everything else is null. */
export function asSpec(data: unknown): VegaLiteSpec | null {
  return isObject(data) && !Array.isArray(data) ? data : null;
}

/** Why a figure must not be drawn: it is no specification, names an address, or has or makes too
 *  many rows; null when it may be drawn. */
export function refusal(spec: VegaLiteSpec | null): Refusal | null {
  const address = findAddress(spec);
  if (spec === null || address !== null) {
    const got = address === null ? 'none' : `an address under ${address}`;
    return {
      rule: 'figure-holds-its-data',
      message: `expected a specification with its data inside, got ${got}`,
      hint: 'Put the rows under data.values; the figure is not drawn.',
    };
  }
  const flood = findFlood(spec);
  if (flood === null) return null;
  return {
    rule: 'figure-of-few-rows',
    message: `expected at most ${inWords(MOST_ROWS)} rows in a figure, got ${inWords(flood.rows)} under ${flood.path}`,
    hint: 'Count, bin or sample them in the cell and publish the result; the figure is not drawn.',
  };
}

/** `100,000` */
const inWords = (count: number): string => count.toLocaleString('en');

/** Where a specification names an address, `layer.0.data.url`; null when it names none. A channel
 *  `encoding.url` may name a field whose rows hold pictures: what a transform might put in their place
 *  the loaders of still and live figures refuse. */
export function findAddress(spec: unknown): string | null {
  for (const { key, path, value } of settings(spec)) {
    if (!ADDRESS_KEYS.has(key)) continue;
    if (!(/(^|\.)encoding\.url$/.test(path) && isPictureChannel(value, spec))) return path;
  }
  return null;
}

export function isPicture(value: unknown): boolean {
  return typeof value === 'string' && PICTURE.test(value);
}

/** `{ field, type }`, and every row that has the field holds a picture there. */
function isPictureChannel(channel: unknown, spec: unknown): boolean {
  if (!isObject(channel)) return false;
  const { field, type, ...others } = channel;
  if (typeof field !== 'string' || Object.keys(others).length > 0) return false;
  const cells = [...rowSets(spec)].flat().flatMap((row) => {
    if (!isObject(row)) return typeof row === 'string' ? [row] : [];
    return field in row ? [row[field]] : [];
  });
  return cells.length > 0 && cells.every(isPicture);
}

/** The rows under `data.values` and in `datasets`; text, as of a CSV file, stands for a row. */
function* rowSets(spec: unknown): Generator<readonly unknown[]> {
  for (const { key, path, value } of settings(spec)) {
    if (/(^|\.)data\.values$/.test(path)) yield Array.isArray(value) ? value : [value];
    if (key === 'datasets' && isObject(value)) yield Object.values(value).flat();
  }
}

/** Where a specification has, or asks Vega to make, more rows than a page can bear. */
function findFlood(spec: unknown): { readonly path: string; readonly rows: number } | null {
  for (const { key, path, value } of settings(spec)) {
    const rows = rowsOf(key, value);
    if (rows > MOST_ROWS) return { path, rows: Math.round(rows) };
  }
  return null;
}

function rowsOf(key: string, value: unknown): number {
  if (COUNT_KEYS.has(key)) return Number(value);
  if (Array.isArray(value)) return value.length;
  if (key === 'values' && typeof value === 'string') return value.split('\n').length;
  if (!isObject(value)) return 0;
  if (key === 'datasets') {
    return Object.values(value).reduce<number>((most, rows) => {
      return Math.max(most, rowsOf('values', rows));
    }, 0);
  }
  // `data.sequence`, and `keyvals` of an imputation.
  const { start = 0, stop, step = 1 } = value;
  return stop === undefined ? 0 : Math.abs((Number(stop) - Number(start)) / Number(step));
}

interface Setting {
  readonly key: string;
  /** Where it stands: `layer.0.data.url`. */
  readonly path: string;
  readonly value: unknown;
}

/** All that a specification sets, at any depth, without the rows of its data, which may have columns
 *  of any name. */
export function* settings(spec: unknown, path: readonly string[] = []): Generator<Setting> {
  if (!isObject(spec)) return;
  for (const [key, value] of Object.entries(spec)) {
    const here = [...path, key];
    yield { key, path: here.join('.'), value };
    const isRows =
      (key === 'values' && path.at(-1) === 'data') || (key === 'datasets' && isRowSets(value));
    if (!isRows) yield* settings(value, here);
  }
}

function isRowSets(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(Array.isArray);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
