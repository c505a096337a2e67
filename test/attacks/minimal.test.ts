/** Attacks that look for the nearest adversarial point, where that point is known. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Classifier, deepFool, lbfgs, UNBOUNDED } from '../../src/attacks/index.js';
import { linearModel, startEngine } from '../../src/lab/index.js';
import { untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

/** Z_k = w_kᵀx + b_k for three classes in four dimensions. */
const W = [
  [1, -2, 0.5, 0],
  [-1, 1, 2, 0.5],
  [0.5, 0.5, -1, -2],
];
const B = [0.3, 0, -0.2];

const three: Classifier = {
  name: 'three',
  inputShape: [4],
  classes: 3,
  logits: (x) => tf.tidy(() => tf.add(tf.matMul(x, tf.transpose(tf.tensor2d(W))), tf.tensor1d(B))),
} as Classifier;

/** min over j of (Z_y − Z_j) / ‖w_y − w_j‖. */
function nearest(x: readonly number[], y: number, size: (w: readonly number[]) => number): number {
  const Z = W.map((w, k) => w.reduce((sum, weight, i) => sum + weight * (x[i] ?? 0), B[k] ?? 0));
  const gaps = W.map((w, j) => {
    if (j === y) return Number.POSITIVE_INFINITY;
    const difference = w.map((weight, i) => (W[y]?.[i] ?? 0) - weight);
    return ((Z[y] ?? 0) - (Z[j] ?? 0)) / size(difference);
  });
  return Math.min(...gaps);
}

const l2 = (w: readonly number[]): number => Math.hypot(...w);
const l1 = (w: readonly number[]): number => w.reduce((sum, v) => sum + Math.abs(v), 0);

const POINTS = [
  [0.9, 0.1, 0.4, 0.5],
  [0.2, 0.6, 0.9, 0.6],
  [0.5, 0.4, 0.2, 0.1],
];

async function setting() {
  const x = tf.tensor2d(POINTS);
  const y = [...(await tf.argMax(three.logits(x), 1).data())];
  return { x, y };
}

it.each([1, 16, 17, 68, 110, 151])('DeepFool does the same in a batch of %i', async (count) => {
  const { model, x, y } = untrained(151);
  const all = await deepFool(model, x, y, { steps: 2 });
  const some = await deepFool(model, tf.slice(x, 0, count), y.slice(0, count), { steps: 2 });
  expect(some.backward).toEqual(all.backward.slice(0, count));
  const off = tf.max(tf.abs(tf.sub(some.xAdv, tf.slice(all.xAdv, 0, count))));
  expect(off.dataSync()[0]).toBeLessThan(1e-5);
});

describe('DeepFool on a linear classifier', () => {
  it.each([
    ['l2', l2],
    ['linf', l1],
  ] as const)('takes one step of the exact distance in %s', async (norm, size) => {
    const { x, y } = await setting();
    const { norms, success, firstSuccess } = await deepFool(three, x, y, { norm, box: UNBOUNDED });
    expect(success).toEqual([true, true, true]);
    expect(firstSuccess).toEqual([1, 1, 1]);
    POINTS.forEach((point, i) => {
      const exact = nearest(point, y[i] as number, size);
      expect(norms[norm][i]).toBeCloseTo(1.02 * (exact + 1e-4), 4);
    });
  });

  it('goes on from the border of the box', async () => {
    // The way to the border of x₁ = 0.5 leaves the box through x₂ = 1.
    const model = linearModel([1, -1], 0.2);
    const { xAdv, success } = await deepFool(model, tf.tensor2d([[0.95, 0.98]]), [1]);
    expect(success).toEqual([true]);
    expect(Math.max(...(await xAdv.data()))).toBeLessThanOrEqual(1);
  });

  it('leaves an image that is misclassified already as it is, for one forward pass', async () => {
    const { x, y } = await setting();
    const wrong = y.map((label) => (label + 1) % 3);
    const { norms, firstSuccess, backward } = await deepFool(three, x, wrong);
    expect([norms.l2, firstSuccess, backward]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('L-BFGS on a linear classifier', () => {
  it('comes within 1 % of the exact distance', async () => {
    const w = [1, -2, 0.5, 0.3];
    const options = { box: UNBOUNDED, searches: 14, steps: 40, initialC: 0.1 };
    const y = [1, 0, 1];
    const x = tf.tensor2d([
      [0.9, 0.1, 0.4, 0.5],
      [0.2, 0.6, 0.9, 0.6],
      [0.9, 0.4, 0.2, 0.1],
    ]);
    const { norms, success, firstSuccess } = await lbfgs(linearModel(w, 0), x, y, options);
    expect(success).toEqual([true, true, true]);
    expect(Math.min(...firstSuccess)).toBeGreaterThan(0);
    const z = tf.dot(x, tf.tensor1d(w)).dataSync();
    norms.l2.forEach((size, i) => {
      const ratio = size / (Math.abs(z[i] as number) / l2(w));
      expect(ratio).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeLessThan(1.01);
    });
  });

  it('never gives up a nearer point in a longer search for c', async () => {
    const x = tf.tensor2d(POINTS);
    const y = [1, 0, 1];
    const model = linearModel([1, -2, 0.5, 0.3], 0);
    let before = y.map(() => Number.POSITIVE_INFINITY);
    for (let searches = 1; searches <= 9; searches++) {
      const { norms, success } = await lbfgs(model, x, y, { searches, box: UNBOUNDED });
      const now = norms.l2.map((size, i) => (success[i] ? size : Number.POSITIVE_INFINITY));
      now.forEach((size, i) => {
        expect(size).toBeLessThanOrEqual(before[i] as number);
      });
      before = now;
    }
    expect(Math.max(...before)).toBeLessThan(1);
  });

  it('reaches a target inside the box', async () => {
    const { x, y } = await setting();
    const target = y.map((label) => (label + 2) % 3);
    const { xAdv, predicted } = await lbfgs(three, x, y, { target });
    expect(predicted).toEqual(target);
    expect(Math.min(...(await xAdv.data()))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...(await xAdv.data()))).toBeLessThanOrEqual(1);
  });
});
