/** What can be read off a linear model: margins, and the ε at which an attack succeeds. */

import * as tf from '@tensorflow/tfjs-core';
import { maxNormMaximum, plusMinusOne } from '../attacks/index.js';
import { type Dataset, dataset } from './dataset.js';
import type { LinearWeights, Model, SoftmaxWeights } from './models.js';
import { random } from './random.js';
import { quantile } from './statistics.js';

/** Two Gaussian classes in d dimensions, half of n points each: mean ±(separation / (2√d)) in every
 *  feature, unit variance. The means lie `separation` apart at every d, so the best possible
 *  error, Φ(−separation / 2), does not depend on d. */
export function gaussianTask(
  d: number,
  n: number,
  { seed, separation = 4 }: { readonly seed: number; readonly separation?: number },
): Dataset {
  const shift = separation / (2 * Math.sqrt(d));
  const y = Int32Array.from({ length: n }, (_, i) => i % 2);
  const x = random(seed).normal(n * d);
  for (let i = 0; i < x.length; i++)
    x[i] = (x[i] as number) + (Math.floor(i / d) % 2 ? shift : -shift);
  const key = `gaussian/${d}/${n}/${seed}/${separation}`;
  return dataset(`two Gaussians, d = ${d}`, tf.tensor2d(x, [n, d]), y, 2, key);
}

/** y(wᵀx + b) of each example: positive when the answer is right. */
export function margins(model: Model<LinearWeights>, data: Dataset): number[] {
  const signs = plusMinusOne(data.y);
  const scores = tf.tidy(() => {
    const rows = tf.reshape(data.x, [data.size, -1]) as tf.Tensor2D;
    return tf.add(tf.dot(rows, model.weights.w), model.weights.b).dataSync();
  });
  return signs.map((sign, i) => sign * (scores[i] as number));
}

/** The smallest ε at which the given share of the examples is wrong under the best perturbation
 *  with ‖η‖∞ ≤ ε: an example with margin m falls at ε = m / ‖w‖₁. Without clipping to a box. */
export function epsilonForError(model: Model<LinearWeights>, data: Dataset, share = 0.5): number {
  return quantile(margins(model, data), share) / maxNormMaximum(model.weights.w, 1);
}

/** Share of the examples that are wrong under the best perturbation with ‖η‖∞ ≤ eps. */
export function worstCaseError(model: Model<LinearWeights>, data: Dataset, eps: number): number {
  const reach = maxNormMaximum(model.weights.w, eps);
  return margins(model, data).filter((margin) => margin <= reach).length / data.size;
}

/** For softmax regression, the smallest ε at which each example can be wrong under some perturbation
 *  with ‖η‖∞ ≤ ε, without clipping: min over j of (Z_y − Z_j) / ‖w_y − w_j‖₁, and 0 when it is wrong
 *  already. No attack is needed: Z_y − Z_j is linear. */
export function worstCaseEpsilons(model: Model<SoftmaxWeights>, data: Dataset): number[] {
  const columns = tf.tidy(() => tf.transpose(model.weights.w).arraySync() as number[][]);
  const logits = tf.tidy(() => model.logits(data.x).arraySync());
  const distance = columns.map((a) =>
    columns.map((b) => a.reduce((sum, weight, i) => sum + Math.abs(weight - (b[i] as number)), 0)),
  );
  return Array.from(data.y, (label, row) => {
    const Z = logits[row] as number[];
    const needed = Z.map((z, j) => {
      if (j === label) return Infinity;
      const lead = (Z[label] as number) - z;
      return lead <= 0 ? 0 : lead / (distance[label]?.[j] as number);
    });
    return Math.min(...needed);
  });
}
