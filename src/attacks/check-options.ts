/** Refuses options with which an attack could not run. All throw UserError. */

import { UserError } from '../errors.js';
import { type Box, PIXELS } from './classifier.js';
import type { Norm } from './norm.js';

/** Refuses an ε that is negative, infinite, or in the max norm larger than the box. */
export function checkEps(eps: number, norm: Norm, [low, high]: Box = PIXELS): void {
  const most = norm === 'linf' ? high - low : Number.POSITIVE_INFINITY;
  if (!(eps >= 0) || eps > most || eps === Number.POSITIVE_INFINITY) {
    const range = most === Number.POSITIVE_INFINITY ? 'finite and at least 0' : `from 0 to ${most}`;
    throw new UserError(`expected eps ${range}, got ${eps}`, {
      hint: 'Give eps in the units of the features: 8 grey levels of 255 are 8 / 255.',
    });
  }
}

/** Refuses a number of steps that is not a whole number from 1. */
export function checkSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new UserError(`expected a whole number of steps, from 1, got ${steps}`, {
      hint: 'Give steps: 10, for instance.',
    });
  }
}

/** Refuses a size of one step that is not a positive finite number. */
export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY)) {
    throw new UserError(`expected a step size alpha above 0, got ${alpha}`, {
      hint: 'Leave it out to take the default.',
    });
  }
}

/** Refuses a number of images per pass with which no loop over the batches would end. */
export function checkBatchSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new UserError(`expected a whole number as batchSize, from 1, got ${batchSize}`, {
      hint: 'Leave it out to take the default.',
    });
  }
}

/** Refuses a number of climbs that is not a whole number from 1. */
export function checkRestarts(restarts: number): void {
  if (!Number.isInteger(restarts) || restarts < 1) {
    throw new UserError(`expected a whole number of restarts, from 1, got ${restarts}`, {
      hint: 'One climb from each image is restarts: 1.',
    });
  }
}

/** Refuses a seed that is not a whole number. */
export function checkSeed(seed: number): void {
  if (!Number.isInteger(seed)) {
    throw new UserError(`expected a whole number as seed, got ${seed}`, {
      hint: 'Any whole number will do: 1, 2, 3.',
    });
  }
}

/** One number for each image, from one for all or one for each. Throws UserError. */
export function perImage(
  name: string,
  value: number | readonly number[],
  images: number,
): readonly number[] {
  if (typeof value === 'number') return new Array<number>(images).fill(value);
  if (value.length === images) return value;
  throw new UserError(
    `expected ${name} as one number, or as ${images}, one for each image, got ${value.length}`,
    { hint: 'One number counts for all images.' },
  );
}
