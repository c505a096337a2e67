/** Networks of two hidden dense layers, with ReLU or sigmoid units. */

import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, affine, type Layer, layered, sized } from './architecture.js';

export type MlpWeights = {
  readonly w1: tf.Tensor2D;
  readonly b1: tf.Tensor1D;
  readonly w2: tf.Tensor2D;
  readonly b2: tf.Tensor1D;
  readonly w3: tf.Tensor2D;
  readonly b3: tf.Tensor1D;
};

/** Two hidden layers of `units` ReLU units on digits of side × side pixels:
 *  side² → units → units → 10. */
export function mlp(units: number, side = 28): Architecture<MlpWeights> {
  return twoHidden(sized(`mlp-${units}`, side), units, side, 'he', (z) => tf.relu(z));
}

/** `mlp-240`, the stand-in for the maxout network. */
export function mlp240(side = 28): Architecture<MlpWeights> {
  return mlp(240, side);
}

/** The same network with sigmoid units, `sigmoid-240`. */
export function sigmoidMlp(units = 240, side = 28): Architecture<MlpWeights> {
  return twoHidden(sized(`sigmoid-${units}`, side), units, side, 'glorot', (z) => tf.sigmoid(z));
}

function twoHidden(
  name: string,
  units: number,
  side: number,
  start: 'he' | 'glorot',
  activation: (z: tf.Tensor) => tf.Tensor,
): Architecture<MlpWeights> {
  const layers: Layer<MlpWeights>[] = [
    { name: 'z1', run: ({ w1, b1 }, x) => affine(x, w1, b1) },
    { name: 'h1', hidden: true, run: (_, z) => activation(z) },
    { name: 'z2', run: ({ w2, b2 }, h) => affine(h, w2, b2) },
    { name: 'h2', hidden: true, run: (_, z) => activation(z) },
    { name: 'Z', run: ({ w3, b3 }, h) => affine(h, w3, b3) },
  ];
  return layered({
    name,
    inputShape: [side, side, 1],
    classes: 10,
    layout: {
      w1: { shape: [side * side, units], start },
      b1: { shape: [units], start: 'zero' },
      w2: { shape: [units, units], start },
      b2: { shape: [units], start: 'zero' },
      w3: { shape: [units, 10], start: 'glorot' },
      b3: { shape: [10], start: 'zero' },
    },
    layers,
  });
}
