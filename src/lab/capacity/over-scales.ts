/** The rows of the capacity study against k. */

import type { LinePoint } from '../figures/line-chart.js';
import { spread } from '../statistics.js';
import type { CapacityRow } from './capacity-row.js';
import type { Inner } from './robust-training.js';

/** One number of the rows of one training over the scales, the mean of the seeds with Student's
 *  interval: points for a line chart. limits: of the number, [0, 1] for a share. */
export function overScales(
  rows: readonly CapacityRow[],
  inner: Inner,
  read: (row: CapacityRow) => number,
  limits?: readonly [low: number, high: number],
): LinePoint[] {
  const chosen = rows.filter((row) => row.inner === inner);
  const scales = [...new Set(chosen.map(({ scale }) => scale))].sort((a, b) => a - b);
  return scales.map((scale) => {
    const values = chosen.filter((row) => row.scale === scale).map(read);
    const { mean: y, interval } = spread(values, limits);
    if (interval === undefined) return { x: scale, y };
    return { x: scale, y, low: interval[0], high: interval[1] };
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
