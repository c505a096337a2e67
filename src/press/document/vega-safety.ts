import type { VegaLiteSpec } from '../../mime.js';

/** Keys that make Vega load something or link somewhere, wherever they stand in a specification:
 *  `data.url`, `from.data.url` of a lookup, `mark.url` and `encoding.url` of pictures. */
const ADDRESS_KEYS = new Set(['url', 'href']);

/** A Vega-Lite specification is an object; everything else is null. */
export function asSpec(data: unknown): VegaLiteSpec | null {
  return isObject(data) && !Array.isArray(data) ? data : null;
}

/** Where a specification names an address, `layer.0.data.url`; null when it names none. Rows of
 *  data may have columns of any name. */
export function findAddress(spec: unknown, path: readonly string[] = []): string | null {
  if (!isObject(spec)) return null;
  for (const [key, value] of Object.entries(spec)) {
    const here = [...path, key];
    if (ADDRESS_KEYS.has(key)) return here.join('.');
    const isRows =
      (key === 'values' && path.at(-1) === 'data') || (key === 'datasets' && isRowSets(value));
    const found = isRows ? null : findAddress(value, here);
    if (found !== null) return found;
  }
  return null;
}

function isRowSets(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(Array.isArray);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
