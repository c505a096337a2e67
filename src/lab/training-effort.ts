/** How much training a network needs. */

import type { Dataset } from './dataset.js';
import { evaluate } from './evaluate.js';
import type { Architecture, Weights } from './models.js';
import { type Given, trained } from './train.js';
import type { TrainOptions } from './training/plan.js';

export interface EffortOptions {
  /** The error to come down to, a share. */
  readonly error: number;
  /** How many of the first examples to try, in growing order. */
  readonly sizes: readonly number[];
}

/** The smallest of `sizes` at which one pass over that many examples brings the error on them down
 *  to `error`; null when none does. Each size is a training of its own, from the start. */
export async function imagesToError<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  options: Omit<TrainOptions<Given<W>>, 'epochs'>,
  { error, sizes }: EffortOptions,
): Promise<number | null> {
  for (const size of sizes) {
    const part = data.take(size);
    const plan = { ...options, epochs: 1 } as TrainOptions<Given<W>>;
    const model = await trained(architecture, part, plan);
    if ((await evaluate(model, part.x, part.y)).error <= error) return size;
  }
  return null;
}
