import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Classifier, jsma } from '../../src/attacks/index.js';
import { saliencyPair } from '../../src/attacks/saliency-pair.js';
import { random, startEngine } from '../../src/lab/index.js';
import { untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

const everyPair = (count: number): [number, number][] =>
  Array.from({ length: count }, (_, p) =>
    Array.from({ length: count - p - 1 }, (_, k): [number, number] => [p, p + k + 1]),
  ).flat();

describe('the pair of the saliency map', () => {
  it('is the best of all pairs', () => {
    const draws = random(5);
    let without = 0;
    for (let trial = 0; trial < 400; trial++) {
      // Whole numbers, so that many are equal; mostly below 0, so that some have no pair.
      const [a, b] = [0, 1].map(() => draws.normal(9, -0.7, 2).map(Math.round)) as [
        Float32Array,
        Float32Array,
      ];
      const score = ([p, q]: readonly [number, number]): number => {
        const [alpha, minusBeta] = [a, b].map((v) => (v[p] as number) + (v[q] as number));
        return Math.max(0, alpha as number) * Math.max(0, minusBeta as number);
      };
      const best = Math.max(...everyPair(9).map(score));
      const pair = saliencyPair(a, b, [...a.keys()]);
      if (pair === undefined) without++;
      expect(pair === undefined ? 0 : score(pair)).toBe(best);
    }
    expect(without).toBeGreaterThan(10);
    expect(without).toBeLessThan(200);
  });

  it('is made of features that may be picked', () => {
    expect(saliencyPair([5, 4, 3, 2], [1, 1, 1, 1], [1, 2, 3])).toEqual([1, 2]);
    expect(saliencyPair([5, 4, 3, 2], [1, 1, 1, 1], [3])).toBeUndefined();
  });

  it('may hold a feature that alone would lower the target or raise the others', () => {
    expect(saliencyPair([-1, 3, 0.5], [5, -1, 0.5], [0, 1, 2])).toEqual([0, 1]);
  });
});

/** Z = xW + b for four features and three classes. */
const W = [
  [2, 1, 0],
  [1, -2, -1],
  [-1, -2, -2],
  [3, 1.9, 1],
];

const linear = (bias: readonly number[]): Classifier => ({
  name: 'linear',
  inputShape: [4],
  classes: 3,
  logits: (x) => tf.tidy(() => tf.add(tf.matMul(x, tf.tensor2d(W)), tf.tensor1d([...bias]))),
});

const black = () => tf.zeros([1, 4]);
const changed = async (result: { readonly xAdv: tf.Tensor }) => [...(await result.xAdv.data())];

describe('JSMA on a linear model', () => {
  // Towards class 0: ∂Z_t = (2, 1, −1, 3) and Σ ∂Z_j of the others = (1, −3, −4, 2.9). Of the six pairs
  // (0, 1) has −αβ = 3 · 2, (0, 2) 1 · 3, (2, 3) 2 · 1.1 and (1, 3) 4 · 0.1; (0, 3) would raise the
  // others, and α of (1, 2) is 0. The two steepest features alone would be 3 and 0.
  it('takes the best pair of features, and is done', async () => {
    const result = await jsma(linear([0, 2, 0]), black(), [1], { target: [0] });
    expect(await changed(result)).toEqual([1, 1, 0, 0]);
    expect(result.success).toEqual([true]);
    expect(result.firstSuccess).toEqual([1]);
    expect(result.norms.l0).toEqual([2]);
    // Two gradients at each of two points, with one forward pass, and the re-test.
    expect([result.forward, result.backward]).toEqual([[3], [4]]);
  });

  it('goes on with the pair that is left, and then has none', async () => {
    const target = [0];
    const far = linear([0, 90, 0]);
    const half = await jsma(far, black(), [1], { target, gamma: 0.5, record: true });
    expect(await changed(half)).toEqual([1, 1, 0, 0]);
    expect(half.iterates?.map((x) => x.arraySync())).toEqual([[[0, 0, 0, 0]], [[1, 1, 0, 0]]]);
    const whole = await jsma(far, black(), [1], { target });
    expect(await changed(whole)).toEqual([1, 1, 1, 1]);
    expect([whole.success, whole.firstSuccess]).toEqual([[false], [-1]]);
  });

  it('takes the probabilities in JSMA-F', async () => {
    // Where the class 1 is sure, ∂F_0 is as ∂(Z_0 − Z_1) = (1, 3, 1, 1.1).
    const options = { target: [0], outputs: 'probabilities', gamma: 0.5 } as const;
    const result = await jsma(linear([0, 9, 0]), black(), [1], options);
    expect(await changed(result)).toEqual([0, 1, 0, 1]);
    expect([result.forward, result.backward]).toEqual([[3], [1]]);
  });

  it('stops where the probabilities are sure in float32, as on distilled networks', async () => {
    const sure = linear([0, 300, 0]);
    const options = { target: [0], outputs: 'probabilities' } as const;
    expect((await jsma(sure, black(), [1], options)).norms.l0).toEqual([0]);
    expect((await jsma(sure, black(), [1], { target: [0] })).norms.l0).toEqual([4]);
  });

  it('moves downwards with θ below 0', async () => {
    // Towards class 1: ∂Z_t = (1, −2, −2, 1.9), others (2, 0, −3, 4). With both turned round (0, 1) has
    // 1 · 2, (1, 3) 0.1 · 4 and (2, 3) 0.1 · 1.
    const options = { target: [1], theta: -0.25, gamma: 0.5 } as const;
    const result = await jsma(linear([9, 0, 0]), tf.fill([1, 4], 0.5), [0], options);
    expect(await changed(result)).toEqual([0.25, 0.25, 0.5, 0.5]);
  });

  it('without a target lowers the class and raises the others', async () => {
    const result = await jsma(linear([0, 1.5, 0]), black(), [1], { gamma: 0.5 });
    expect(await changed(result)).toEqual([1, 1, 0, 0]);
    expect(result.success).toEqual([true]);
  });

  it('leaves features at the end of the box, and moves others to it', async () => {
    const x = tf.tensor2d([[1, 0.75, 0.25, 0.5]]);
    const result = await jsma(linear([0, 90, 0]), x, [1], { target: [0], gamma: 0.5 });
    // Without feature 0 the best pair is (2, 3).
    expect(await changed(result)).toEqual([1, 0.75, 1, 1]);
  });
});

describe('JSMA', () => {
  it('reaches targets of a network, whatever the batch', async () => {
    const { model, x, y } = untrained(12);
    const target = y.map((label) => (label + 3) % 10);
    const together = await jsma(model, tf.mul(x, 0.5), y, { target });
    expect(together.success).toEqual(new Array(12).fill(true));
    expect(Math.max(...together.norms.l0)).toBeLessThan(100);
    together.norms.l0.forEach((count, i) => {
      expect(count).toBe(2 * (together.firstSuccess[i] as number));
    });
    const parts = await jsma(model, tf.mul(x, 0.5), y, { target, batchSize: 5 });
    expect(await parts.xAdv.data()).toEqual(await together.xAdv.data());
  });

  it.each([
    [{ theta: 0 }, /a theta that moves features, got 0/],
    [{ theta: Number.NaN }, /a theta that moves features, got NaN/],
    [{ gamma: 0 }, /gamma above 0, at most 1, got 0/],
    [{ gamma: 1.5 }, /gamma above 0, at most 1, got 1.5/],
  ])('refuses %o', async (options, message) => {
    await expect(jsma(linear([0, 2, 0]), black(), [1], options)).rejects.toThrow(message);
  });
});
