/** The convolutional net of Carlini and Wagner 2017 for MNIST (arXiv:1608.04644, table I; weights start
 *  as in carlini/nn_robust_attacks, which leaves them to Keras). */

import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, affine, layered, type WeightLayout } from './architecture.js';

/** w1 … w4: [3, 3, inputs, filters]; w5, w6, w7: [inputs, outputs]. */
export type CwWeights = {
  readonly w1: tf.Tensor4D;
  readonly b1: tf.Tensor1D;
  readonly w2: tf.Tensor4D;
  readonly b2: tf.Tensor1D;
  readonly w3: tf.Tensor4D;
  readonly b3: tf.Tensor1D;
  readonly w4: tf.Tensor4D;
  readonly b4: tf.Tensor1D;
  readonly w5: tf.Tensor2D;
  readonly b5: tf.Tensor1D;
  readonly w6: tf.Tensor2D;
  readonly b6: tf.Tensor1D;
  readonly w7: tf.Tensor2D;
  readonly b7: tf.Tensor1D;
};

/** Digits of 28 × 28 pixels through twice two 3 × 3 convolutions with ReLU and 2 × 2 max pooling, 32
 *  filters each and then 64, none of them padded, and two dense layers of 200 units: `cw-cnn`, 312,202
 *  parameters. The paper leaves out units of the first dense layer while training, so `dropout.hidden`
 *  reaches that layer alone. Train it with `cwRecipe`, or in a few epochs with `cwQuickRecipe`. */
export function cwCnn(): Architecture<CwWeights> {
  return layered<CwWeights>({
    name: 'cw-cnn',
    inputShape: [28, 28, 1],
    classes: 10,
    layout: {
      w1: filters(1, 32),
      b1: bias(32),
      w2: filters(32, 32),
      b2: bias(32),
      w3: filters(32, 64),
      b3: bias(64),
      w4: filters(64, 64),
      b4: bias(64),
      w5: { shape: [4 * 4 * 64, 200], start: 'glorot' },
      b5: bias(200),
      w6: { shape: [200, 200], start: 'glorot' },
      b6: bias(200),
      w7: { shape: [200, 10], start: 'glorot' },
      b7: bias(10),
    },
    layers: [
      { name: 'h1', run: ({ w1, b1 }, x) => tf.relu(convolved(x, w1, b1)) },
      { name: 'h2', run: ({ w2, b2 }, h) => tf.relu(pooled(h, w2, b2)) },
      { name: 'h3', run: ({ w3, b3 }, h) => tf.relu(convolved(h, w3, b3)) },
      { name: 'h4', run: ({ w4, b4 }, h) => tf.relu(pooled(h, w4, b4)) },
      { name: 'h5', hidden: true, run: ({ w5, b5 }, h) => tf.relu(affine(h, w5, b5)) },
      { name: 'h6', run: ({ w6, b6 }, h) => tf.relu(affine(h, w6, b6)) },
      { name: 'Z', run: ({ w7, b7 }, h) => affine(h, w7, b7) },
    ],
  });
}

function filters(inputs: number, outputs: number): WeightLayout {
  return { shape: [3, 3, inputs, outputs], start: 'glorot' };
}

function bias(length: number): WeightLayout {
  return { shape: [length], start: 'zero' };
}

function convolved(x: tf.Tensor, w: tf.Tensor4D, b: tf.Tensor1D): tf.Tensor {
  return tf.add(tf.conv2d(x as tf.Tensor4D, w, 1, 'valid'), b);
}

/** The largest of each 2 × 2 square of the convolution. Bias and ReLU keep the order of numbers, so they
 *  may come after: the same outputs for a quarter of the work. */
function pooled(x: tf.Tensor, w: tf.Tensor4D, b: tf.Tensor1D): tf.Tensor {
  return tf.add(tf.maxPool(tf.conv2d(x as tf.Tensor4D, w, 1, 'valid'), 2, 2, 'valid'), b);
}
