/** The loss on the straight way between two networks. */

import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '../dataset.js';
import { type Model, modelOf, type Weights } from '../models.js';
import { meanCrossEntropy } from '../objective.js';

/** Mean J over the data at θ = (1 − t)·θ_a + t·θ_b, for `points` even t from 0 to 1. */
export async function lossBetween<W extends Weights>(
  a: Model<W>,
  b: Model<W>,
  { x, y }: Dataset,
  points = 11,
): Promise<number[]> {
  const losses: number[] = [];
  for (let k = 0; k < points; k++) {
    const t = k / (points - 1);
    const J = tf.tidy(() => {
      const weights = Object.entries(a.weights).map(([name, weight]) => [
        name,
        tf.add(tf.mul(weight, 1 - t), tf.mul(b.weights[name] as tf.Tensor, t)),
      ]);
      const between = modelOf(a.architecture, Object.fromEntries(weights) as W);
      return meanCrossEntropy.loss(between, x, tf.tensor1d(y, 'int32'), x);
    });
    losses.push((await J.data())[0] as number);
    J.dispose();
  }
  return losses;
}
