/** The search for the constant c of an attack that minimises distance + c · loss: the smallest c whose
 *  solution is adversarial gives the nearest one. */

import { UserError } from '../errors.js';

/** Where the search stands for one image. */
export interface ConstantSearch {
  /** The largest c known to be too small, and the smallest known to do. */
  readonly low: number;
  readonly high: number;
  /** The c to try. */
  readonly c: number;
}

/** Before anything is known. */
export function newSearch(c: number): ConstantSearch {
  return { low: 0, high: Number.POSITIVE_INFINITY, c };
}

/** Ten times the c until one is enough, then the middle of the range. */
export function narrowed({ low, high, c }: ConstantSearch, isEnough: boolean): ConstantSearch {
  const range = isEnough ? { low, high: c } : { low: c, high };
  const next = range.high === Number.POSITIVE_INFINITY ? 10 * c : (range.low + range.high) / 2;
  return { ...range, c: next };
}

/** Refuses numbers with which no search could run. Throws UserError. */
export function checkSearch(searches: number, firstC: readonly number[]): void {
  if (!Number.isInteger(searches) || searches < 1) {
    throw new UserError(`expected a whole number of searches, from 1, got ${searches}`, {
      hint: 'Leave it out to take the default.',
    });
  }
  for (const c of firstC) {
    if (c > 0 && c < Number.POSITIVE_INFINITY) continue;
    throw new UserError(`expected initialC above 0, got ${c}`, {
      hint: 'Leave it out to take the default.',
    });
  }
}
