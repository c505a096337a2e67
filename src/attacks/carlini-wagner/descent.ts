/** Optimisers of the free variable, each feature by itself, so that images of a batch do not touch. */

import * as tf from '@tensorflow/tfjs-core';

export type Descent = 'adam' | 'momentum' | 'gradient-descent';

/** One step against the gradient g; t: 1, 2, … `memory` is what the last step left, first []. */
export type Step = (
  v: tf.Tensor,
  g: tf.Tensor,
  memory: readonly tf.Tensor[],
  t: number,
  lr: number,
) => { readonly v: tf.Tensor; readonly memory: readonly tf.Tensor[] };

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
const MOMENTUM = 0.9;

export const STEPS: { readonly [name in Descent]: Step } = {
  /** Kingma, Ba 2015 (arXiv:1412.6980, algorithm 1). */
  adam: (v, g, [m = tf.zerosLike(v), s = tf.zerosLike(v)], t, lr) => {
    const mean = tf.add(tf.mul(m, BETA1), tf.mul(g, 1 - BETA1));
    const square = tf.add(tf.mul(s, BETA2), tf.mul(tf.square(g), 1 - BETA2));
    const unbias = Math.sqrt(1 - BETA2 ** t);
    const direction = tf.div(mean, tf.add(tf.sqrt(square), EPSILON * unbias));
    const rate = (lr * unbias) / (1 - BETA1 ** t);
    return { v: tf.sub(v, tf.mul(direction, rate)), memory: [mean, square] };
  },
  momentum: (v, g, [velocity = tf.zerosLike(v)], _, lr) => {
    const next = tf.add(tf.mul(velocity, MOMENTUM), g);
    return { v: tf.sub(v, tf.mul(next, lr)), memory: [next] };
  },
  'gradient-descent': (v, g, _memory, _t, lr) => ({ v: tf.sub(v, tf.mul(g, lr)), memory: [] }),
};
