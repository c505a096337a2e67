/** Adam, Kingma, Ba 2015 (arXiv:1412.6980, algorithm 1): v ← v − lr · m̂ / (√ŝ + ε). */

import * as tf from '@tensorflow/tfjs-core';

/** The paper's own numbers. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

export interface AdamStep {
  readonly v: tf.Tensor;
  /** Running means of the gradients and of their squares. */
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
}

/** One step of v against the gradient g. mean, square: as the last step left them, first zeros. t: 1,
 *  2, … All tensors have the shape of v, but an lr one that spreads over v. */
export function adamStep(
  { v, mean: m, square: s }: AdamStep,
  g: tf.Tensor,
  t: number,
  lr: number | tf.Tensor,
): AdamStep {
  const { beta1, beta2, epsilon } = ADAM;
  const mean = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
  const square = tf.add(tf.mul(s, beta2), tf.mul(tf.square(g), 1 - beta2));
  const unbias = Math.sqrt(1 - beta2 ** t);
  const direction = tf.div(mean, tf.add(tf.sqrt(square), epsilon * unbias));
  const bias = 1 - beta1 ** t;
  const rate = typeof lr === 'number' ? (lr * unbias) / bias : tf.mul(lr, unbias / bias);
  return { v: tf.sub(v, tf.mul(direction, rate)), mean, square };
}
