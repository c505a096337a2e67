import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, frame, ROLES, type Role, tint, yChannel } from './theme.js';

export interface BarSeries {
  readonly name: string;
  readonly role: Role;
  /** One number per group. */
  readonly values: readonly number[];
  /** Interval of each number. */
  readonly intervals?: readonly (readonly [low: number, high: number])[];
}

export interface BarChart {
  /** Labels along the axis, in order. */
  readonly groups: readonly string[];
  /** What the groups are. */
  readonly title: string;
  readonly series: readonly BarSeries[];
  readonly y: Axis;
}

/** How full the bars of a role are: in grey, filled, tinted and hollow tell series apart. */
const FILL: { readonly [role in Role]: number } = {
  clean: 1,
  adversarial: 0.25,
  trained: 0.6,
  noise: 0.45,
  paper: 0,
};

/** Upright bars side by side, from zero, with intervals as thin lines. */
export function barChart({ groups, title, series, y }: BarChart): VegaLiteSpec {
  const rows = series.flatMap(({ name, values, intervals }) =>
    values.map((value, i) => {
      const [low, high] = intervals?.[i] ?? [value, value];
      return { group: groups[i], series: name, value, low, high };
    }),
  );
  const names = series.map((one) => one.name);
  const strokes = series.map((one) => ROLES[one.role].colour);
  const fills = series.map((one) => tint(ROLES[one.role].colour, FILL[one.role]));
  const reach = [0, ...rows.flatMap((row) => [row.value, row.low, row.high])];
  const legend = names.length > 1 ? { title: null, orient: 'top', symbolType: 'square' } : null;
  const colour = (range: readonly string[]): VegaLiteSpec => {
    return { field: 'series', type: 'nominal', scale: { domain: names, range }, legend };
  };
  const x = { field: 'group', type: 'nominal', sort: groups, axis: { title, labelAngle: 0 } };
  const offset = { field: 'series', type: 'nominal', sort: names };
  const place = { x, xOffset: offset };
  const bars = {
    mark: { type: 'bar', strokeWidth: 1.2 },
    encoding: {
      ...place,
      y: yChannel('value', y, reach),
      fill: colour(fills),
      stroke: colour(strokes),
      tooltip: [{ field: 'group' }, { field: 'series' }, { field: 'value', type: 'quantitative' }],
    },
  };
  const whiskers = {
    mark: { type: 'rule', color: '#000000', strokeWidth: 1 },
    encoding: { ...place, y: yChannel('low', y, reach), y2: { field: 'high' } },
  };
  const layers = series.some((one) => one.intervals !== undefined) ? [bars, whiskers] : [bars];
  return { ...frame(layers), data: { values: rows } };
}
