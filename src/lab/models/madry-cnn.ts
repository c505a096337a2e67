/** The convolutional net of Madry et al. 2018 (arXiv:1706.06083, section 5; weights start as in
 *  MadryLab/mnist_challenge). */

import * as tf from '@tensorflow/tfjs-core';
import {
  type Architecture,
  affine,
  layered,
  type Start,
  type WeightLayout,
} from './architecture.js';

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

/** Digits of 28 × 28 pixels through two 5 × 5 convolutions with ReLU and 2 × 2 max pooling, a dense
 *  layer and the logits. The paper's net has 32 and 64 filters and 1,024 dense units: 3,274,634
 *  parameters. `scale` k gives its capacity study: 2k and 4k filters and 64k units, `cap-k`. */
export function madryCnn(scale: number = PAPER_SCALE): Architecture<ConvWeights> {
  const [first, second, dense] = [2 * scale, 4 * scale, 64 * scale];
  const pixels = (SIDE / 4) ** 2;
  const normal: Start = { kind: 'truncated-normal', deviation: 0.1 };
  const bias = (length: number): WeightLayout => ({
    shape: [length],
    start: { kind: 'constant', value: 0.1 },
  });
  return layered<ConvWeights>({
    name: scale === PAPER_SCALE ? 'madry-cnn' : `cap-${scale}`,
    inputShape: [SIDE, SIDE, 1],
    classes: 10,
    layout: {
      w1: { shape: [5, 5, 1, first], start: normal },
      b1: bias(first),
      w2: { shape: [5, 5, first, second], start: normal },
      b2: bias(second),
      w3: { shape: [pixels * second, dense], start: normal },
      b3: bias(dense),
      w4: { shape: [dense, 10], start: normal },
      b4: bias(10),
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
