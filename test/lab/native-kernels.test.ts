import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

describe('the gradient of ReLU', () => {
  const x = () => tf.tensor1d([-2, -1e-30, 0, 1e-30, 3]);

  it('is 1 above zero, and 0 at zero and below', () => {
    const slope = tf.grad((z) => tf.sum(tf.mul(tf.relu(z), [1, 2, 3, 4, 5])))(x());
    expect([...slope.dataSync()]).toEqual([0, 0, 0, 4, 5]);
  });

  it('has a gradient itself', () => {
    // f = Σ relu(z)³, f' = 3 relu(z)², f'' = 6 relu(z)
    const slope = tf.grad((z) => tf.sum(tf.pow(tf.relu(z), 3)));
    const curvature = tf.grad((z) => tf.sum(slope(z)))(tf.tensor1d([-1, 0.5, 2]));
    expect([...curvature.dataSync()]).toEqual([0, 3, 12]);
  });

  it('is one kernel', async () => {
    const { kernelNames } = await tf.profile(() => tf.grad((z) => tf.sum(tf.relu(z)))(x()));
    expect(kernelNames).toContain('ReluGrad');
    expect(kernelNames).not.toContain('Step');
  });
});
