/** The few statistics that the notebooks quote. */

import { UserError } from '../errors.js';

export type Interval = readonly [low: number, high: number];

const Z95 = 1.959964;

/** The arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** The value below which the given share of the numbers lies, by linear interpolation. */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0 || !(share >= 0 && share <= 1)) {
    throw new UserError(`expected numbers and a share in [0, 1], got ${values.length}, ${share}`, {
      hint: 'Ask for 0.5 to get the median.',
    });
  }
  const sorted = Array.from(values).sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [low, high] = [sorted[below] as number, sorted[Math.ceil(position)] as number];
  return low + (high - low) * (position - below);
}

/** Wilson's 95 % interval for a share of n observations. It stays within [0, 1] and is honest at
 *  0 and 1, where the usual ± has no width. */
export function wilsonInterval(successes: number, n: number): Interval {
  if (!(n > 0) || successes < 0 || successes > n) {
    throw new UserError(`expected 0 to n successes of n > 0, got ${successes} of ${n}`, {
      hint: 'Count over at least one image.',
    });
  }
  const share = successes / n;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

export interface LinearFit {
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance that the line explains; 1 on a perfect line. */
  readonly r2: number;
}

/** Least squares of y on x. Throws UserError with fewer than two different x. For a power law, give
 *  logarithms: the slope is the exponent. */
export function linearFit(x: ArrayLike<number>, y: ArrayLike<number>): LinearFit {
  const [xs, ys] = [Array.from(x), Array.from(y)];
  if (xs.length !== ys.length || new Set(xs).size < 2) {
    throw new UserError(`expected two or more points, got ${xs.length} x and ${ys.length} y`, {
      hint: 'Give x and y of the same length, with different x.',
    });
  }
  const [mx, my] = [mean(xs), mean(ys)];
  const sum = (term: (dx: number, dy: number) => number): number =>
    xs.reduce((total, value, i) => total + term(value - mx, (ys[i] as number) - my), 0);
  const slope = sum((dx, dy) => dx * dy) / sum((dx) => dx * dx);
  const intercept = my - slope * mx;
  const total = sum((_, dy) => dy * dy);
  const left = sum((dx, dy) => (dy - slope * dx) ** 2);
  return { slope, intercept, r2: total === 0 ? 1 : 1 - left / total };
}

/** Pearson's correlation. Throws UserError as `linearFit`. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const { slope, r2 } = linearFit(x, y);
  return Math.sign(slope) * Math.sqrt(r2);
}

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; absent for one value, which shows no spread. */
  readonly deviation?: number;
  /** 95 % interval of the mean from Student's t; absent for one value. */
  readonly interval?: Interval;
  readonly n: number;
}

/** Student's t at 97.5 % for 1 … 30 degrees of freedom. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

/** Mean and spread over seeds or draws. The interval is cut to the given limits: [0, 1] for shares.
 *  Throws UserError without values. */
export function spread(
  values: ArrayLike<number>,
  [least, most]: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): Spread {
  const n = values.length;
  if (n === 0) {
    throw new UserError('expected at least one value, got none', { hint: 'Run one seed or more.' });
  }
  const centre = mean(values);
  if (n === 1) return { mean: centre, n };
  const squares = Array.from(values, (value) => (value - centre) ** 2);
  const deviation = Math.sqrt((mean(squares) * n) / (n - 1));
  const half = ((T95[n - 2] ?? Z95) * deviation) / Math.sqrt(n);
  const interval: Interval = [Math.max(least, centre - half), Math.min(most, centre + half)];
  return { mean: centre, deviation, interval, n };
}
