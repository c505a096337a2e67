/** Numbers with what they rest on, ready for `value`. */

import type { Evaluation } from './evaluate.js';
import { type Interval, spread, wilsonInterval } from './statistics.js';

export interface Measured {
  readonly value: number;
  /** 95 % interval. */
  readonly interval?: Interval;
  /** Number of observations. */
  readonly n?: number;
  /** Number of random seeds. */
  readonly seeds?: number;
}

/** A share of n observations, with Wilson's interval. */
export function share(successes: number, n: number): Measured {
  return { value: successes / n, interval: wilsonInterval(successes, n), n };
}

/** The error of one model on n images. */
export function errorOf({ error, errorInterval, n }: Evaluation): Measured {
  return { value: error, interval: errorInterval, n };
}

/** The mean of shares over seeds, with Student's interval cut to [0, 1]; one seed has no interval.
 *  `shares`: one per seed, each over n images; shares that do not exist (NaN) are left out and not
 *  counted. Throws UserError when none is left. */
export function overSeeds(shares: readonly number[], n: number): Measured {
  const kept = shares.filter((one) => !Number.isNaN(one));
  const { mean, interval } = spread(kept, [0, 1]);
  const seeds = kept.length;
  return interval === undefined ? { value: mean, n, seeds } : { value: mean, interval, n, seeds };
}

/** The ends of the interval as cells of a table: null, an empty cell, where there is no interval. */
export function ends({ interval }: Measured): {
  readonly low: number | null;
  readonly high: number | null;
} {
  const [low, high] = interval ?? [null, null];
  return { low, high };
}
