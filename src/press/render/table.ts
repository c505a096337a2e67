import type { TableColumn } from '../../mime.js';
import { formatNumber } from '../document/format-number.js';
import type { TableBlock } from '../document/types.js';
import { escapeProse } from './escape.js';

type Cell = string | number | null | undefined;

/** Rows and columns as HTML. Numbers of one column have equally many digits after the point, so
 *  setting them right sets them on their points; a unit stands once, in the head. */
export function renderTableBody({ columns, rows }: Pick<TableBlock, 'columns' | 'rows'>): string {
  const heads = columns.map((column) => `<th scope="col"${side(column)}>${head(column)}</th>`);
  const lines = rows.map((row) => {
    const cells = columns.map((column, index) => cell(row[column.key], column, index));
    return `<tr>${cells.join('')}</tr>`;
  });
  return (
    `<div class="scroll" tabindex="0"><table><thead><tr>${heads.join('')}</tr></thead>\n` +
    `<tbody>${lines.join('\n')}</tbody></table></div>`
  );
}

function side({ format }: TableColumn): string {
  return format.as === 'text' ? '' : ' class="number"';
}

function head({ title, unit, format }: TableColumn): string {
  const shown = unit ?? (format.as === 'percent' ? '%' : undefined);
  const text = escapeProse(title);
  return shown === undefined ? text : `${text} <span class="unit">${escapeProse(shown)}</span>`;
}

function cell(value: Cell, column: TableColumn, index: number): string {
  const text = escapeProse(cellText(value, column));
  return index === 0 && column.format.as === 'text'
    ? `<th scope="row">${text}</th>`
    : `<td${side(column)}>${text}</td>`;
}

/** One cell as text; a missing value is a dash. */
export function cellText(value: Cell, { format }: TableColumn): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string' || format.as === 'text') return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  switch (format.as) {
    case 'integer':
      return formatNumber(value, { name: 'integer', digits: 0 });
    case 'fixed':
      return formatNumber(value, { name: 'fixed', digits: format.digits });
    case 'percent':
      return formatNumber(value * 100, { name: 'fixed', digits: format.digits });
  }
}
