import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy } from '../../src/attacks/index.js';
import { random, startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** p − onehot(y) in double precision, with 1 − p_y as the sum of the others. */
function exactGradient(Z: readonly number[], y: number): number[] {
  const gaps = Z.map((z) => Math.exp(z - (Z[y] as number)));
  const others = gaps.reduce((sum, gap, j) => sum + (j === y ? 0 : gap), 0);
  return gaps.map((gap, j) => (j === y ? -others : gap) / (1 + others));
}

describe('crossEntropy', () => {
  it('is −log softmax', async () => {
    const Z = tf.tensor2d(random(2).normal(50, 0, 3), [10, 5]);
    const y = tf.tensor1d([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], 'int32');
    const usual = tf.neg(tf.sum(tf.mul(tf.logSoftmax(Z), tf.oneHot(y, 5)), 1));
    const [ours, theirs] = [await crossEntropy(Z, y).data(), await usual.data()];
    for (let i = 0; i < 10; i++) expect(ours[i]).toBeCloseTo(theirs[i] as number, 5);
  });

  it.each([
    ['unsure', [0.1, -0.2, 0.3], 0],
    ['logits 17 apart', [17, 0, -1], 0],
    ['logits 40 apart', [40, 0, -1], 0],
    ['sure and wrong', [40, 0, -1], 1],
    ['tied', [0, 0, 0], 2],
    ['all logits negative', [-3, -1, -2], 1],
  ])('has the exact gradient: %s', async (_, Z, y) => {
    const J = (z: tf.Tensor): tf.Scalar =>
      tf.sum(crossEntropy(tf.reshape(z, [1, 3]), tf.tensor1d([y], 'int32')));
    const gradient = await tf.grad(J)(tf.tensor1d(Z)).data();
    exactGradient(Z, y).forEach((exact, j) => {
      expect(Math.abs((gradient[j] as number) / exact - 1)).toBeLessThan(1e-4);
    });
  });
});
