/** The training and the test part of a data set, and how much of them to load. */

import { UserError } from '../errors.js';
import type { Dataset } from './dataset.js';

/** 60,000 training and 10,000 test images, or the first of each. */
export interface Split {
  readonly train: Dataset;
  readonly test: Dataset;
}

export interface SplitOptions {
  /** How many training images to load, from the first; default all. */
  readonly train?: number;
  /** How many test images to load, from the first; default all. */
  readonly test?: number;
  /** Folder of the files; default the one of the package that holds them. */
  readonly folder?: string;
}

/** How many images to load. Throws UserError for more than there are. `name` is that of the data. */
export function splitCounts(
  name: string,
  { train = 60_000, test = 10_000 }: SplitOptions,
): { readonly train: number; readonly test: number } {
  for (const [part, count, most] of [
    ['training', train, 60_000],
    ['test', test, 10_000],
  ] as const) {
    if (!Number.isInteger(count) || count < 0 || count > most) {
      throw new UserError(`expected 0 to ${most} images of ${name} ${part}, got ${count}`, {
        hint: 'Leave the number out to load all.',
      });
    }
  }
  return { train, test };
}
