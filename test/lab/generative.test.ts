import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bernoulliBayes,
  dataset,
  evaluate,
  gaussianBayes,
  random,
  startEngine,
  withMovedCopies,
} from '../../src/index.js';
import { choleskyInverse } from '../../src/lab/cholesky.js';

beforeAll(async () => {
  await startEngine();
});

describe('choleskyInverse', () => {
  it('inverts the factor of a matrix', () => {
    const { inverse, logDeterminant } = choleskyInverse([4, 2, 2, 5], 2, 0); // L = [2 0; 1 2]
    expect([...inverse]).toEqual([0.5, 0, -0.25, 0.5]);
    expect(logDeterminant).toBeCloseTo(Math.log(16), 12);
  });

  it('adds the ridge, and refuses what stays singular', () => {
    expect([...choleskyInverse([0, 0, 0, 3], 2, 1).inverse]).toEqual([1, 0, 0, 0.5]);
    expect(() => choleskyInverse([0, 0, 0, 3], 2, 0)).toThrow('positive definite');
  });
});

/** Two clouds around (0.2, 0.2) and (0.8, 0.8); the second is three times as wide. */
const clouds = () => {
  const draws = random(9);
  const rows = Array.from({ length: 4000 }, (_, i) => {
    const [middle, width] = i % 2 === 0 ? [0.2, 0.1] : [0.8, 0.3];
    return [...draws.normal(2, middle, width)];
  });
  const labels = rows.map((_, i) => i % 2);
  return dataset('clouds', tf.tensor2d(rows), labels, 2);
};

describe('gaussianBayes', () => {
  it('is linear with a shared covariance, and better with one for each class', async () => {
    const data = clouds();
    const shared = await gaussianBayes(data, 'shared', 0);
    const own = await gaussianBayes(data, 'own', 0);
    const gap = (x: number[]) => {
      const [a = 0, b = 0] = shared.logits(tf.tensor2d([x as [number, number]])).dataSync();
      return a - b;
    };
    const bend = gap([0, 0]) - 2 * gap([0.5, 0.5]) + gap([1, 1]);
    expect(Math.abs(bend)).toBeLessThan(1e-3);
    const errors = [shared, own].map(
      async (model) => (await evaluate(model, data.x, data.y)).error,
    );
    const [linear = 0, quadratic = 1] = await Promise.all(errors);
    expect(quadratic).toBeLessThan(linear);
    expect(quadratic).toBeLessThan(0.05);
  });
});

describe('bernoulliBayes', () => {
  it('has the log odds of smoothed counts as weights', async () => {
    const data = dataset('bits', tf.tensor2d([[1], [1], [0], [0]]), [0, 0, 1, 1], 2);
    const model = await bernoulliBayes(data);
    const [a = 0, b = 0] = model.logits(tf.tensor2d([[1]])).dataSync();
    expect(a - b).toBeCloseTo(Math.log(0.75 / 0.25), 5);
  });
});

describe('withMovedCopies', () => {
  const one = () =>
    dataset(
      'dot',
      tf.cast(tf.reshape(tf.oneHot(tf.tensor1d([12], 'int32'), 25), [1, 5, 5, 1]), 'float32'),
      [3],
      10,
    );

  it('keeps the examples and adds copies with their labels', async () => {
    const data = await withMovedCopies(one(), { seed: 1 });
    expect([data.size, ...data.y]).toEqual([2, 3, 3]);
    expect(Array.from(data.x.slice(0, 1).dataSync()).indexOf(1)).toBe(12);
  });

  it('moves nothing by nothing, and keeps the ink of a small move', async () => {
    const still = await withMovedCopies(one(), { seed: 1, shift: 0, degrees: 0 });
    expect(still.x.slice(1, 1).dataSync()).toEqual(still.x.slice(0, 1).dataSync());
    const moved = await withMovedCopies(one(), { seed: 1, shift: 1, degrees: 0 });
    expect(moved.x.slice(1, 1).sum().dataSync()[0]).toBeCloseTo(1, 5);
    expect(moved.key).not.toBe(still.key);
  });
});
