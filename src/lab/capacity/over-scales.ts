/** The rows of the capacity study against k. */

import type { LinePoint } from '../figures/line-chart.js';
import { mean } from '../statistics.js';
import type { CapacityRow } from './capacity-row.js';
import type { Inner } from './robust-training.js';

/** One number of the rows of one training over the scales: points for a line chart. Each is the mean
 *  of the seeds; with more than one, low and high are the lowest and the highest of them. (Student's
 *  interval of three seeds reaches below 0 for a loss, where a logarithmic axis has no place.) */
export function overScales(
  rows: readonly CapacityRow[],
  inner: Inner,
  read: (row: CapacityRow) => number,
): LinePoint[] {
  const chosen = rows.filter((row) => row.inner === inner);
  const scales = [...new Set(chosen.map(({ scale }) => scale))].sort((a, b) => a - b);
  return scales.map((scale) => {
    const values = chosen.filter((row) => row.scale === scale).map(read);
    const point = { x: scale, y: mean(values) };
    if (values.length === 1) return point;
    return { ...point, low: Math.min(...values), high: Math.max(...values) };
  });
}

/** The smallest scale at which the mean over the seeds reaches `least`; null when none does. */
export function smallestScale(
  rows: readonly CapacityRow[],
  inner: Inner,
  read: (row: CapacityRow) => number,
  least: number,
): number | null {
  return overScales(rows, inner, read).find(({ y }) => y >= least)?.x ?? null;
}
