import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, domainOf, frame, ROLES, type Role, xChannel, yChannel } from './theme.js';

export interface HistogramSeries {
  readonly name: string;
  readonly role: Role;
  readonly values: ArrayLike<number>;
}

export interface Histogram {
  readonly series: readonly HistogramSeries[];
  readonly x: Axis;
  /** Number of bins, default 30; all series share them. On a logarithmic x the bins are
   *  even in the logarithm, and all values above 0. */
  readonly bins?: number;
}

/** Strokes, fully opaque: the fill's faintness would carry over. */
const LEGEND = {
  title: null,
  orient: 'top',
  symbolType: 'stroke',
  symbolOpacity: 1,
  symbolSize: 300,
};

/** Shares per bin as filled steps; the bins are counted here, so that the figure stays small. */
export function histogram({ series, x, bins = 30 }: Histogram): VegaLiteSpec {
  const all = series.flatMap(({ values }) => Array.from(values));
  // On a logarithmic axis the bins are even in the logarithm.
  const [onAxis, back] = x.log ? [Math.log10, (place: number) => 10 ** place] : [same, same];
  const [low, high] = domainOf(x, all).map(onAxis) as [number, number];
  const width = (high - low || 1) / bins;
  const rows = series.flatMap(({ name, values }) =>
    binShares(Array.from(values, onAxis), low, width, bins).map((share, i) => ({
      x: back(low + i * width),
      share,
      series: name,
    })),
  );
  const xs = [back(low), back(low + bins * width)];
  const shares = [0, ...rows.map((row) => row.share)];
  const names = series.map((one) => one.name);
  const styles = series.map((one) => ROLES[one.role]);
  const legend = names.length > 1 ? LEGEND : null;
  const by = { field: 'series', type: 'nominal' };
  const color = { ...by, scale: { domain: names, range: styles.map((s) => s.colour) }, legend };
  const strokeDash = { ...by, scale: { domain: names, range: styles.map((s) => s.dash) }, legend };
  const y = { ...yChannel('share', { title: 'share', percent: true }, shares), stack: null };
  const position = { x: xChannel('x', x, xs), y };
  const layers = [
    {
      mark: { type: 'area', interpolate: 'step-after', opacity: 0.15 },
      encoding: { ...position, color },
    },
    {
      mark: { type: 'line', interpolate: 'step-after' },
      encoding: { ...position, color, strokeDash },
    },
  ];
  return { ...frame(layers), data: { values: rows } };
}

function same(value: number): number {
  return value;
}

/** The share of the values in each bin, and a last 0 that closes the last step. Values outside the
 *  range count in no bin, but in the whole. */
function binShares(values: ArrayLike<number>, low: number, width: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of Array.from(values)) {
    const bin = Math.floor((value - low) / width);
    const last = bin === bins && value <= low + bins * width ? bins - 1 : bin;
    if (last >= 0 && last < bins) counts[last] = (counts[last] as number) + 1;
  }
  return [...counts.map((count) => count / values.length), 0];
}
