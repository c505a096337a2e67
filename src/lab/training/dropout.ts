/** Dropout: Srivastava et al. 2014 (JMLR 15). While training, each unit is kept with a probability and
 *  then divided by it, so that the trained network is used as it is. */

import * as tf from '@tensorflow/tfjs-core';
import { layered } from '../models/architecture.js';
import { type Layer, type Model, modelOf, type Weights } from '../models.js';
import type { Random } from '../random.js';

/** Probabilities of being kept, in (0, 1]; default 1. */
export interface Dropout {
  readonly input?: number;
  readonly hidden?: number;
}

/** The model with fresh masks in each pass. Weights are shared. */
export function withDropout<W extends Weights>(
  { architecture, weights }: Model<W>,
  { input = 1, hidden = 1 }: Dropout,
  draws: Random,
): Model<W> {
  const masked = (x: tf.Tensor, keep: number): tf.Tensor =>
    keep === 1 ? x : tf.mul(x, tf.tensor(draws.mask(x.size, keep), x.shape));
  const layers = architecture.layers.map(
    (layer, i): Layer<W> => ({
      ...layer,
      run: (all, below) => {
        const output = layer.run(all, i === 0 ? masked(below, input) : below);
        return layer.hidden ? masked(output, hidden) : output;
      },
    }),
  );
  return modelOf(layered<W>({ ...architecture, layers }), weights);
}
