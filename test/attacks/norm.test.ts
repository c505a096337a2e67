import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bim, fgsm, UNBOUNDED } from '../../src/attacks/index.js';
import { perL1, project, steepest, steepestL1 } from '../../src/attacks/norm.js';
import { normalTensor, startEngine } from '../../src/lab/index.js';
import { FLAT } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

describe('the steepest direction', () => {
  it('is the sign in L∞ and the unit gradient in L2, image by image', () => {
    const g = tf.tensor2d([3, -4, 0, 0, 0, -2], [3, 2]);
    expect(numbers(steepest(g, 'linf'))).toEqual([1, -1, 0, 0, 0, -1]);
    [0.6, -0.8, 0, 0, 0, -1].forEach((wanted, i) => {
      expect(numbers(steepest(g, 'l2'))[i]).toBeCloseTo(wanted, 6);
    });
  });

  it('does not lose a gradient whose square is 0 in float32', () => {
    const tiny = tf.tensor2d([3e-25, -4e-25], [1, 2]);
    const [a, b] = numbers(steepest(tiny, 'l2'));
    expect(a).toBeCloseTo(0.6, 5);
    expect(b).toBeCloseTo(-0.8, 5);
    expect(numbers(perL1(tiny))[0]).toBeCloseTo(3 / 7, 5);
  });

  it('in L1 fills the features in order of their slope, as far as the box allows', () => {
    const x = tf.tensor2d([0.5, 0.9, 0.2, 0.5], [1, 4]);
    const g = tf.tensor2d([1, 5, -3, 0], [1, 4]);
    // 0.1 up on the second, 0.2 down on the third, what is left on the first.
    const eta = numbers(steepestL1(x, g, 0.5, [0, 1]));
    [0.2, 0.1, -0.2, 0].forEach((wanted, i) => {
      expect(eta[i]).toBeCloseTo(wanted, 6);
    });
    const free = numbers(steepestL1(x, g, 0.5, UNBOUNDED));
    expect(free.map((v) => v + 0)).toEqual([0, 0.5, 0, 0]);
  });
});

describe('the projection', () => {
  it.each(['linf', 'l2'] as const)('maps to the nearest point of the ball in %s', (norm) => {
    const delta = normalTensor([1000, 6], 3);
    const eps = norm === 'linf' ? 1 : 2;
    const nearest = project(delta, eps, norm);
    const [before, after] = [delta, nearest].map((t) => t.arraySync() as number[][]) as [
      number[][],
      number[][],
    ];
    const size = (row: number[]): number =>
      norm === 'linf' ? Math.max(...row.map(Math.abs)) : Math.hypot(...row);
    let inside = 0;
    before.forEach((row, i) => {
      const moved = after[i] as number[];
      if (size(row) <= eps) {
        inside++;
        expect(moved).toEqual(row);
        return;
      }
      const factor = eps / size(row);
      const wanted = row.map((v) =>
        norm === 'linf' ? Math.max(-eps, Math.min(eps, v)) : v * factor,
      );
      moved.forEach((v, k) => {
        expect(v).toBeCloseTo(wanted[k] as number, 5);
      });
    });
    expect(inside).toBeGreaterThan(50);
    expect(inside).toBeLessThan(950);
    const again = project(nearest, eps, norm);
    expect(tf.max(tf.abs(tf.sub(again, nearest))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('maps to the nearest point of the ball in L1, not to a scaled one', () => {
    const delta = tf.tensor2d([3, -1, 0.5, 0.2, -0.2, 0.1], [2, 3]);
    // θ = 1: 3 − 1 = 2 is all of eps. Scaled, all three would stay.
    expect(numbers(project(delta, 2, 'l1')).map((v) => v + 0)).toEqual([
      2,
      0,
      0,
      ...numbers(tf.tensor1d([0.2, -0.2, 0.1])),
    ]);
    const many = normalTensor([300, 50], 4);
    const nearest = project(many, 5, 'l1').arraySync() as number[][];
    (many.arraySync() as number[][]).forEach((row, i) => {
      const theta = threshold(row, 5);
      row.forEach((v, k) => {
        const wanted = Math.sign(v) * Math.max(Math.abs(v) - theta, 0);
        expect(Math.abs((nearest[i]?.[k] as number) - wanted)).toBeLessThan(1e-5);
      });
    });
  });

  it('leaves a perturbation of length 0 alone', () => {
    expect(numbers(project(tf.zeros([1, 3]), 0.5, 'l2'))).toEqual([0, 0, 0]);
  });
});

it('a gradient of exactly 0 moves nothing and is not NaN in any norm', async () => {
  const x = tf.tensor2d([[0.2, 0.7]]);
  for (const norm of ['linf', 'l2', 'l1'] as const) {
    expect(numbers((await fgsm(FLAT, x, [0], { eps: 0.1, norm })).xAdv)).toEqual(numbers(x));
  }
  const { xAdv } = await bim(FLAT, x, [0], { eps: 0.1, norm: 'l2', untilSuccess: false });
  expect(numbers(xAdv)).toEqual(numbers(x));
});

/** The θ with Σ max(|v| − θ, 0) = eps, by bisection. */
function threshold(row: readonly number[], eps: number): number {
  let [low, high] = [0, Math.max(...row.map(Math.abs))];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const sum = row.reduce((total, v) => total + Math.max(Math.abs(v) - middle, 0), 0);
    if (sum > eps) low = middle;
    else high = middle;
  }
  return low;
}
