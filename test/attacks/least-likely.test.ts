/** The class that a model holds for least likely, and the way there. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bim, type Classifier, fgsm, leastLikely, UNBOUNDED } from '../../src/attacks/index.js';
import { startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Z_k = w_kᵀx, with the weights of four classes at the corners of a square. */
const W = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
];

const corners: Classifier = {
  name: 'corners',
  inputShape: [2],
  classes: 4,
  logits: (x) => tf.tidy(() => tf.matMul(x, tf.transpose(tf.tensor2d(W))) as tf.Tensor2D),
};

/** Logits (0.8, 0.2, −0.2, −0.8), (0.1, 0.9, −0.9, −0.1) and (−0.8, −0.4, 0.4, 0.8). */
const X = [
  [0.5, 0.3],
  [0.5, -0.4],
  [-0.6, -0.2],
];
const box = UNBOUNDED;

describe('leastLikely', () => {
  it('is the class of the smallest logit, in any batches', async () => {
    const x = tf.tensor2d(X);
    for (const batchSize of [1, 2, 1000]) {
      expect(await leastLikely(corners, x, { box, batchSize })).toEqual([3, 2, 0]);
    }
  });

  it('as the target of FGSM moves an image by ε · w_LL, as no weight lies beyond', async () => {
    const x = tf.tensor2d(X);
    const target = await leastLikely(corners, x, { box });
    // The labels are not looked at: these would lead elsewhere.
    const { xAdv } = await fgsm(corners, x, [3, 0, 1], { eps: 0.1, target, box });
    const moved = await xAdv.data();
    [0.4, 0.2, 0.4, -0.3, -0.5, -0.1].forEach((value, j) => {
      expect(moved[j]).toBeCloseTo(value, 6);
    });
  });

  it('as the target of I-FGSM is reached', async () => {
    const x = tf.tensor2d(X);
    const target = await leastLikely(corners, x, { box });
    const options = { eps: 1, steps: 20, target, box };
    const { success, predicted } = await bim(corners, x, [0, 1, 3], options);
    expect(success).toEqual([true, true, true]);
    expect(predicted).toEqual([3, 2, 0]);
  });

  it('leaves x as it was, and no tensor', async () => {
    const x = tf.tensor2d(X);
    const before = await x.data();
    const count = tf.memory().numTensors;
    await leastLikely(corners, x, { box, batchSize: 2 });
    expect(tf.memory().numTensors).toBe(count);
    expect(await x.data()).toEqual(before);
  });

  it('refuses probabilities, a wrong shape, and values outside the box', async () => {
    const soft: Classifier = { ...corners, logits: (x) => tf.softmax(corners.logits(x)) };
    const x = tf.tensor2d([[0.1, 0.2]]);
    await expect(leastLikely(soft, x)).rejects.toThrow(/expected logits from corners, got prob/);
    await expect(leastLikely(corners, tf.tensor1d([1]))).rejects.toThrow(/\[N, 2\], got \[1\]/);
    await expect(leastLikely(corners, tf.tensor2d(X))).rejects.toThrow(
      /expected values in \[0, 1\]/,
    );
  });
});
