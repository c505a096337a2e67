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

/** The mean of shares over seeds, with Student's interval cut to [0, 1]. `shares`: one per seed, each
 *  over n images; shares that do not exist (NaN) are left out. */
export function overSeeds(shares: readonly number[], n: number): Measured {
  const { mean, interval } = spread(
    shares.filter((one) => !Number.isNaN(one)),
    [0, 1],
  );
  return { value: mean, interval, n, seeds: shares.length };
}
