import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dotProductShift,
  fgsm,
  maxNormMaximiser,
  maxNormMaximum,
  plusMinusOne,
  printedLogistic,
  softplus,
  UNBOUNDED,
  worstCaseLogistic,
  worstCaseLogisticLoss,
} from '../../src/attacks/index.js';
import { UserError } from '../../src/errors.js';
import { linearModel, random, startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

const EPS = 0.1;
const D = 20;
const N = 40;

function example() {
  const draws = random(7);
  const model = linearModel(draws.normal(D, 0, 0.4), 0.3);
  const x = tf.tensor2d(draws.normal(N * D), [N, D]);
  const y = Array.from(draws.signs(N), (sign) => (sign > 0 ? 1 : 0));
  return { model, x, y, signs: plusMinusOne(y) };
}

describe('the sign maximiser', () => {
  const w = [2, -1, 3, -2, 2, 2, 1, -4, 5, 1];

  it('shifts the activation by ε‖w‖₁, and no corner of the box by more', () => {
    const eta = maxNormMaximiser(w, 0.5);
    expect(eta).toEqual([0.5, -0.5, 0.5, -0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0.5]);
    expect(dotProductShift(w, eta)).toBeCloseTo(maxNormMaximum(w, 0.5), 12);
    const corners = Array.from({ length: 2 ** w.length }, (_, bits) =>
      dotProductShift(
        w,
        w.map((__, i) => ((bits >> i) & 1 ? 0.5 : -0.5)),
      ),
    );
    expect(Math.max(...corners)).toBeCloseTo(maxNormMaximum(w, 0.5), 12);
  });

  it('reads tensors too, and leaves a zero weight alone', () => {
    expect(maxNormMaximiser(tf.tensor1d([0, -2]), 1)).toEqual([0, -1]);
    expect(maxNormMaximum(tf.tensor1d([0, -2]), 0.25)).toBe(0.5);
  });

  it('refuses vectors of different lengths', () => {
    expect(() => dotProductShift([1, 2], [1])).toThrow(/expected 2 entries of eta.*got 1/);
  });
});

describe('softplus', () => {
  it.each([
    [0, Math.log(2)],
    [1000, 1000],
    [-1000, 0],
    [1, Math.log(1 + Math.E)],
  ])('of %d is %d', (z, expected) => {
    expect(softplus(z)).toBeCloseTo(expected, 12);
  });
});

describe('the worst case of logistic regression', () => {
  it('is the loss that FGSM reaches, example by example', async () => {
    const { model, x, y, signs } = example();
    const attacked = await fgsm(model, x, y, { eps: EPS, clip: false, box: UNBOUNDED });
    const exact = await worstCaseLogistic(model.weights, x, signs, EPS).data();
    for (let i = 0; i < N; i++) expect(attacked.loss[1]?.[i]).toBeCloseTo(exact[i] as number, 5);
  });

  it('moves every margin by exactly ε‖w‖₁', async () => {
    const { model, x, y, signs } = example();
    const { xAdv } = await fgsm(model, x, y, { eps: EPS, clip: false, box: UNBOUNDED });
    const score = async (at: tf.Tensor) =>
      (await tf.sum(tf.mul(model.logits(at), [-1, 1]), 1).data()) as Float32Array;
    const [before, after] = [await score(x), await score(xAdv)];
    const shift = maxNormMaximum(model.weights.w, EPS);
    for (let i = 0; i < N; i++) {
      const moved = (signs[i] as number) * ((before[i] as number) - (after[i] as number));
      expect(moved).toBeCloseTo(shift, 4);
    }
  });

  it('is what the paper prints for y = +1, and more for y = −1', async () => {
    const { model, x, signs } = example();
    const exact = await worstCaseLogistic(model.weights, x, signs, EPS).data();
    const printed = await printedLogistic(model.weights, x, signs, EPS).data();
    for (let i = 0; i < N; i++) {
      const gap = (exact[i] as number) - (printed[i] as number);
      if (signs[i] === 1) expect(gap).toBeCloseTo(0, 6);
      else expect(gap).toBeGreaterThan(1e-3);
    }
  });

  it('is the clean loss at ε = 0', async () => {
    const { model, x, y, signs } = example();
    const { loss } = await fgsm(model, x, y, { eps: 0, clip: false, box: UNBOUNDED });
    const mean = (loss[0] as number[]).reduce((sum, one) => sum + one, 0) / N;
    expect(worstCaseLogisticLoss(model.weights, x, signs, 0)).toBeCloseTo(mean, 5);
  });

  it('refuses classes where signs are due', () => {
    const { model, x, y } = example();
    expect(() => worstCaseLogisticLoss(model.weights, x, y, EPS)).toThrow(UserError);
    expect(() => plusMinusOne([1, 2])).toThrow(/expected classes 0 and 1, got 2/);
  });
});
