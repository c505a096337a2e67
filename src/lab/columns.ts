/** Columns of a table in one line each. */

import type { TableColumn } from '../mime.js';

export function textColumn(key: string, title: string): TableColumn {
  return { key, title, format: { as: 'text' } };
}

/** Fractions as percentages; the sign stands in the head. */
export function percentColumn(key: string, title: string, digits = 1): TableColumn {
  return { key, title, unit: '%', format: { as: 'percent', digits } };
}

export function numberColumn(
  key: string,
  title: string,
  digits: number,
  unit?: string,
): TableColumn {
  const format = { as: 'fixed', digits } as const;
  return unit === undefined ? { key, title, format } : { key, title, unit, format };
}
