import type { VegaLiteSpec } from '../../mime.js';
import { type CostPoint, distanceLine, successLine } from '../attack-cost.js';
import type { LinePoint } from './line-chart.js';
import { type Axis, framedBeside, ROLES, type Role, xChannel, yChannel } from './theme.js';

/** One attack, and what it reached for what it cost. */
export interface CostSeries {
  readonly name: string;
  readonly role: Role;
  readonly curve: readonly CostPoint[];
}

export interface CostChart {
  /** One series of a role. */
  readonly series: readonly CostSeries[];
  /** Title of the axis of distances, such as `median distance (L2)`. */
  readonly distance: string;
}

const [WIDTH, HEIGHT] = [270, 210]; // px, of each of the two plots

/** Attacks at equal cost: success, with its interval, and beside it the distance within which half of the
 *  images were fooled, both over the gradients spent on an image. A distance is missing as long as fewer
 *  than half were fooled. */
export function costChart({ series, distance }: CostChart): VegaLiteSpec {
  const costs = series.flatMap(({ curve }) => curve.map(({ gradients }) => gradients));
  const x = xChannel('x', { title: 'gradients', log: true }, costs);
  const byName = (range: readonly string[]): VegaLiteSpec => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: series.map(({ name }) => name), range },
    legend: { title: null, orient: 'top' },
  });
  const color = byName(series.map(({ role }) => ROLES[role].colour));
  const shape = byName(series.map(({ role }) => ROLES[role].shape));
  const plot = (lineOf: (curve: readonly CostPoint[]) => LinePoint[], axis: Axis): VegaLiteSpec => {
    const lines = series.map(({ name, role, curve }) => ({ name, role, points: lineOf(curve) }));
    const ys = lines.flatMap(({ points }) => points.map(({ y }) => y));
    const y = yChannel('y', { domain: [0, 1.05 * Math.max(...ys, Number.MIN_VALUE)], ...axis }, ys);
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: lines.flatMap(({ name, role, points }) => {
        const data = { values: points.map((point) => ({ ...point, series: name })) };
        const band = { type: 'area', color: ROLES[role].colour, opacity: 0.12 };
        const line = { type: 'line', strokeDash: ROLES[role].dash };
        const mark = { type: 'point', filled: true, size: 45, opacity: 1 };
        const ends = { x, y: { ...y, field: 'low' }, y2: { field: 'high' } };
        const hasBand = points.some(({ low }) => low !== undefined);
        return [
          ...(hasBand ? [{ data, mark: band, encoding: ends }] : []),
          { data, mark: line, encoding: { x, y, color } },
          { data, mark, encoding: { x, y, color, shape } },
        ];
      }),
    };
  };
  return framedBeside([
    plot(successLine, { title: 'success', percent: true, domain: [0, 1] }),
    plot(distanceLine, { title: distance }),
  ]);
}
