/** The convolutional net of Madry et al. 2018 (arXiv:1706.06083, section 5). */

import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, affine, layered, type Start } from './architecture.js';

/** w1, w2: [5, 5, inputs, filters]; w3, w4: [inputs, outputs]. */
export type ConvWeights = {
  readonly w1: tf.Tensor4D;
  readonly b1: tf.Tensor1D;
  readonly w2: tf.Tensor4D;
  readonly b2: tf.Tensor1D;
  readonly w3: tf.Tensor2D;
  readonly b3: tf.Tensor1D;
  readonly w4: tf.Tensor2D;
  readonly b4: tf.Tensor1D;
};

const SIDE = 28;
const PAPER_SCALE = 16;

const STARTS = {
  authors: {
    weight: { kind: 'truncated-normal', deviation: 0.1 },
    bias: { kind: 'constant', value: 0.1 },
  },
  glorot: { weight: 'glorot', bias: 'zero' },
} satisfies Record<string, Record<'weight' | 'bias', Start>>;

/** Digits of 28 × 28 pixels through two 5 × 5 convolutions with ReLU and 2 × 2 max pooling, a dense
 *  layer and the logits. The paper's net has 32 and 64 filters and 1,024 dense units: 3,274,634
 *  parameters. `scale` k gives its capacity study: 2k and 4k filters and 64k units, `cap-k`.
 *
 *  `start`: `authors`, the default, as in MadryLab/mnist_challenge: weights with a deviation of 0.1 and
 *  biases of 0.1 in every layer, from which the logits start around ten. `glorot`, with biases of 0:
 *  from there PGD training needs half the steps or fewer. */
export function madryCnn(
  scale: number = PAPER_SCALE,
  start: 'authors' | 'glorot' = 'authors',
): Architecture<ConvWeights> {
  const [first, second, dense] = [2 * scale, 4 * scale, 64 * scale];
  const pixels = (SIDE / 4) ** 2;
  const { weight, bias } = STARTS[start];
  return layered<ConvWeights>({
    name: scale === PAPER_SCALE ? 'madry-cnn' : `cap-${scale}`,
    inputShape: [SIDE, SIDE, 1],
    classes: 10,
    layout: {
      w1: { shape: [5, 5, 1, first], start: weight },
      b1: { shape: [first], start: bias },
      w2: { shape: [5, 5, first, second], start: weight },
      b2: { shape: [second], start: bias },
      w3: { shape: [pixels * second, dense], start: weight },
      b3: { shape: [dense], start: bias },
      w4: { shape: [dense, 10], start: weight },
      b4: { shape: [10], start: bias },
    },
    layers: [
      { name: 'h1', hidden: true, run: ({ w1, b1 }, x) => convolved(x, w1, b1) },
      { name: 'h2', hidden: true, run: ({ w2, b2 }, h) => convolved(h, w2, b2) },
      { name: 'h3', hidden: true, run: ({ w3, b3 }, h) => tf.relu(affine(h, w3, b3)) },
      { name: 'Z', run: ({ w4, b4 }, h) => affine(h, w4, b4) },
    ],
  });
}

/** Convolution of the same size, ReLU, and the largest of each 2 × 2 square. Bias and ReLU keep the
 *  order of numbers, so the largest may be taken first: the same outputs for a quarter of the work. */
function convolved(x: tf.Tensor, w: tf.Tensor4D, b: tf.Tensor1D): tf.Tensor {
  const largest = tf.maxPool(tf.conv2d(x as tf.Tensor4D, w, 1, 'same'), 2, 2, 'same');
  return tf.relu(tf.add(largest, b));
}
