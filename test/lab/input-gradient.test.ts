import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Classifier,
  gradientByDifferences,
  gradientCosines,
  gradientStep,
  inputGradient,
  linearModel,
  startEngine,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Two classes with z = 3x₁ − 4x₂: at the label 0 the loss rises along (3, −4). */
const model = (): Classifier => linearModel([3, -4], 0);
const x = () => tf.tensor2d([[0.5, 0.5]]);
const moves = (step: tf.Tensor) => Array.from(tf.sub(step, x()).dataSync());

describe('inputGradient', () => {
  it('is σ(z)·w for the lower class', () => {
    const p = 1 / (1 + Math.exp(0.5));
    const [a, b] = inputGradient(model(), x(), [0]).dataSync();
    expect(a).toBeCloseTo(3 * p, 5);
    expect(b).toBeCloseTo(-4 * p, 5);
  });

  it('agrees with central differences', async () => {
    const both = await gradientByDifferences(model(), x(), 0, { features: [1, 0] });
    both.gradient.forEach((slope, i) => {
      expect(both.differences[i]).toBeCloseTo(slope, 3);
    });
    expect(both.gradient[0]).toBeLessThan(0);
  });
});

describe('gradientStep', () => {
  it('has the largest change eps, or the length of a sign step', () => {
    const [a, b] = moves(gradientStep(model(), x(), [0], { scale: 'max', eps: 0.1 }));
    expect(a).toBeCloseTo(0.075, 6);
    expect(b).toBeCloseTo(-0.1, 6);
    const long = moves(gradientStep(model(), x(), [0], { scale: 'l2', eps: 0.1 }));
    expect(Math.hypot(...long)).toBeCloseTo(0.1 * Math.SQRT2, 6);
  });

  it('stays in [0, 1] unless told otherwise', () => {
    const step = { scale: 'max', eps: 2 } as const;
    expect(Array.from(gradientStep(model(), x(), [0], step).dataSync())).toEqual([1, 0]);
    const free = gradientStep(model(), x(), [0], { ...step, clip: false }).dataSync();
    expect(free[1]).toBeCloseTo(-1.5, 6);
  });
});

describe('gradientCosines', () => {
  it('is 1 for one direction, −1 for the opposite, 0 without a gradient', async () => {
    const [one] = await gradientCosines(model(), linearModel([6, -8], 1), x(), [0]);
    const [other] = await gradientCosines(model(), linearModel([-3, 4], 0), x(), [0]);
    const [none] = await gradientCosines(model(), linearModel([0, 0], 0), x(), [0]);
    expect([one, other, none].map((c) => Math.round(1e5 * (c as number)) / 1e5)).toEqual([
      1, -1, 0,
    ]);
  });
});
