import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Classifier,
  gradientHealth,
  healthByGap,
  linearModel,
  startEngine,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Logits (0, x₁); the second feature is not looked at. */
const model = () => linearModel([1, 0], 0);
const rows = (...gaps: number[]) => tf.tensor2d(gaps.map((gap) => [gap, 1]));
const ones = (...gaps: number[]) => gaps.map(() => 1);

/** −log softmax, as most libraries have it. */
const usual = (Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D =>
  tf.neg(tf.sum(tf.mul(tf.logSoftmax(Z), tf.oneHot(y, 2)), 1));

describe('gradientHealth', () => {
  it('sees zeros of features that do not matter, and no others, on a healthy model', async () => {
    const report = await gradientHealth(model(), rows(0.5, -3, 40), ones(0.5, -3, 40));
    expect(report.map(({ gap }) => gap)).toEqual([0.5, -3, 40]);
    for (const { zero, notFinite, underflowed } of report) {
      expect([zero, notFinite, underflowed]).toEqual([0.5, 0, 0]);
    }
  });

  it('sees that e⁻ᶻ leaves float32', async () => {
    const [small, none] = await gradientHealth(model(), rows(95, 120), ones(95, 120));
    // e⁻⁹⁵ = 5.5e-42: without all its digits, or rounded to zero, as the engine does it.
    expect((small?.zero ?? 0) + (small?.underflowed ?? 0)).toBe(1);
    expect(none?.zero).toBe(1);
  });

  it('sees what the usual loss loses from a gap of 17 on', async () => {
    const gaps = [10, 20, 40];
    const report = await gradientHealth(model(), rows(...gaps), ones(...gaps), usual);
    expect(report.map(({ zero }) => zero)).toEqual([0.5, 1, 1]);
  });

  it('sees NaN', async () => {
    const broken: Classifier = {
      ...model(),
      logits: (x) => {
        const root = tf.sqrt(tf.slice(x, [0, 0], [-1, 1]));
        return tf.concat([tf.zerosLike(root), root], 1) as tf.Tensor2D;
      },
    };
    const [report] = await gradientHealth(broken, rows(0), [1]);
    expect(report?.notFinite).toBe(0.5);
  });

  it('does not depend on the batch, and leaves no tensor behind', async () => {
    const gaps = Array.from({ length: 501 }, (_, i) => i / 20);
    const [net, x] = [model(), rows(...gaps)];
    const count = tf.memory().numTensors;
    const report = await gradientHealth(net, x, ones(...gaps));
    expect(report.length).toBe(501);
    expect(report[500]?.gap).toBe(25);
    expect(tf.memory().numTensors).toBe(count);
  });
});

describe('healthByGap', () => {
  it('averages between neighbouring edges', () => {
    const one = (gap: number, zero: number, notFinite = 0, underflowed = 0) => ({
      gap,
      zero,
      notFinite,
      underflowed,
    });
    const report = [one(0, 0.5), one(9.9, 1), one(10, 0.25, 0.5, 0.25), one(50, 1)];
    expect(healthByGap(report, [0, 10, 20, 30])).toEqual([
      { from: 0, to: 10, n: 2, zero: 0.75, notFinite: 0, underflowed: 0, dead: 0.5 },
      { from: 10, to: 20, n: 1, zero: 0.25, notFinite: 0.5, underflowed: 0.25, dead: 1 },
    ]);
  });
});
