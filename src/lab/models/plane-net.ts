/** A network that can be looked at whole: its inputs are the points of a plane. */

import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, affine, layered } from './architecture.js';

export type PlaneNetWeights = {
  readonly w1: tf.Tensor2D;
  readonly b1: tf.Tensor1D;
  readonly w2: tf.Tensor2D;
  readonly b2: tf.Tensor1D;
};

/** Points (x, y) through one hidden layer of ReLU units to two classes: 2 → units → 2, the kind of
 *  network that the universal approximator theorem speaks of. */
export function planeNet(units: number): Architecture<PlaneNetWeights> {
  return layered<PlaneNetWeights>({
    name: `plane-${units}`,
    inputShape: [2],
    classes: 2,
    layout: {
      w1: { shape: [2, units], start: 'he' },
      b1: { shape: [units], start: 'zero' },
      w2: { shape: [units, 2], start: 'glorot' },
      b2: { shape: [2], start: 'zero' },
    },
    layers: [
      { name: 'h1', hidden: true, run: ({ w1, b1 }, x) => tf.relu(affine(x, w1, b1)) },
      { name: 'Z', run: ({ w2, b2 }, h) => affine(h, w2, b2) },
    ],
  });
}
