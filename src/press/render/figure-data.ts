import type { VegaLiteSpec } from '../../mime.js';
import { isPicture } from '../../vega-safety.js';
import { escapeHtml } from './escape.js';

type Row = { readonly [field: string]: unknown };

/** Larger tables would weigh more than the figure itself. */
const LARGEST = 40_000;

/** A link that saves the rows of a figure as CSV; empty when there are none or too many. */
export function dataLink(id: string, spec: VegaLiteSpec): string {
  const csv = figureCsv(spec);
  if (csv === '' || csv.length > LARGEST) return '';
  const address = `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`;
  return `<a class="data" download="${escapeHtml(id)}.csv" href="${escapeHtml(address)}">Data (CSV)</a>`;
}

/** The rows of all layers: one that several layers have stands once, one that a layer repeats as often
 *  as there. A layer without a field leaves it empty. Pictures are left out. */
export function figureCsv(spec: VegaLiteSpec): string {
  const rows = mergedRows(collectRows(spec));
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((field) => {
    return !rows.some((row) => isPicture(row[field]));
  });
  if (fields.length === 0) return '';
  const lines = rows.map((row) => fields.map((field) => csvCell(row[field])).join(','));
  return `${[fields.map(csvCell).join(','), ...lines].join('\r\n')}\r\n`;
}

function mergedRows(layers: readonly (readonly Row[])[]): Row[] {
  const merged: Row[] = [];
  const written = new Map<string, number>();
  for (const layer of layers) {
    const seen = new Map<string, number>();
    for (const row of layer) {
      const text = JSON.stringify(row);
      const count = (seen.get(text) ?? 0) + 1;
      seen.set(text, count);
      if (count <= (written.get(text) ?? 0)) continue;
      written.set(text, count);
      merged.push(row);
    }
  }
  return merged;
}

/** The rows of each layer that has some. */
function collectRows(node: unknown): Row[][] {
  if (Array.isArray(node)) return node.flatMap(collectRows);
  if (typeof node !== 'object' || node === null) return [];
  const { data, ...parts } = node as { data?: { values?: unknown } };
  const own = Array.isArray(data?.values) ? data.values.filter(isRow) : [];
  return [...(own.length > 0 ? [own] : []), ...Object.values(parts).flatMap(collectRows)];
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
