import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalTensor, startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

type Shape = [number, number, number, number];

const largest = (a: tf.Tensor, b: tf.Tensor) =>
  tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;

/** Σ v · conv(x), so that the gradient in x is that of dy = v. */
function setting(x: Shape, filter: Shape, pad: 'same' | 'valid') {
  const w = normalTensor(filter, 11) as tf.Tensor4D;
  const conv = (images: tf.Tensor) => tf.conv2d(images as tf.Tensor4D, w, 1, pad);
  const images = normalTensor(x, 12) as tf.Tensor4D;
  const v = normalTensor(conv(images).shape, 13) as tf.Tensor4D;
  return { w, conv, images, v };
}

describe('the gradient in images of few channels', () => {
  it.each([
    [[3, 28, 28, 1], [5, 5, 1, 32], 'same'],
    [[2, 9, 7, 1], [3, 5, 1, 8], 'same'],
    [[2, 10, 12, 3], [5, 3, 3, 16], 'same'],
    [[2, 9, 7, 1], [4, 2, 1, 8], 'same'], // this one and the next two go TensorFlow's own way
    [[2, 28, 28, 1], [3, 3, 1, 32], 'valid'],
    [[2, 10, 12, 5], [5, 3, 5, 16], 'same'],
  ] as [Shape, Shape, 'same' | 'valid'][])('%j, filter %j, %s', (x, filter, pad) => {
    const { w, conv, images, v } = setting(x, filter, pad);
    const slope = tf.grad((at: tf.Tensor) => tf.sum(tf.mul(v, conv(at))))(images);
    const own = tf.engine().runKernel('Conv2DBackpropInput', { dy: v, filter: w }, {
      strides: 1,
      pad,
      dataFormat: 'NHWC',
      dimRoundingMode: null,
      inputShape: x,
    } as unknown as tf.NamedAttrMap) as tf.Tensor;
    expect(slope.shape).toEqual(x);
    expect(largest(slope, own)).toBeLessThan(1e-5 * largest(own, tf.zerosLike(own)));
  });
});

it('has a gradient of its own', () => {
  const { conv, images } = setting([2, 9, 7, 1], [3, 3, 1, 8], 'same');
  const half = (at: tf.Tensor) => tf.div(tf.sum(tf.square(conv(at))), 2);
  const direction = normalTensor([2, 9, 7, 1], 14);
  const along = (at: tf.Tensor) => tf.sum(tf.mul(direction, tf.grad(half)(at)));
  // The slope of ½‖Ax‖² is AᵀA x, so the slope of its product with d is AᵀA d.
  expect(largest(tf.grad(along)(images), tf.grad(half)(direction))).toBeLessThan(1e-3);
});
