/** Optimisers of the free variable, each feature by itself, so that images of a batch do not touch. */

import * as tf from '@tensorflow/tfjs-core';
import { adamStep } from '../adam.js';

export type Descent = 'adam' | 'momentum' | 'gradient-descent';

/** One step against the gradient g; t: 1, 2, … `memory` is what the last step left, first [];
 *  lr: a number, or a tensor that spreads over v. */
export type Step = (
  v: tf.Tensor,
  g: tf.Tensor,
  memory: readonly tf.Tensor[],
  t: number,
  lr: number | tf.Tensor,
) => { readonly v: tf.Tensor; readonly memory: readonly tf.Tensor[] };

const MOMENTUM = 0.9;

export const STEPS: { readonly [name in Descent]: Step } = {
  adam: (v, g, [mean = tf.zerosLike(v), square = tf.zerosLike(v)], t, lr) => {
    const next = adamStep({ v, mean, square }, g, t, lr);
    return { v: next.v, memory: [next.mean, next.square] };
  },
  momentum: (v, g, [velocity = tf.zerosLike(v)], _, lr) => {
    const next = tf.add(tf.mul(velocity, MOMENTUM), g);
    return { v: tf.sub(v, tf.mul(next, lr)), memory: [next] };
  },
  'gradient-descent': (v, g, _memory, _t, lr) => ({ v: tf.sub(v, tf.mul(g, lr)), memory: [] }),
};
