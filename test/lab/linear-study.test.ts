import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fgsm, UNBOUNDED } from '../../src/attacks/index.js';
import {
  type Dataset,
  dataset,
  epsilonForError,
  evaluate,
  gaussianTask,
  linearModel,
  margins,
  modelOf,
  softmaxRegression,
  startEngine,
  worstCaseEpsilons,
  worstCaseError,
} from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** z = 3x₁ − x₂ + 1, ‖w‖₁ = 4, on three points with margins 4, 2 and −1. */
function byHand() {
  const model = linearModel([3, -1], 1);
  const x = tf.tensor2d([1, 0, -1, 0, 0, 2], [3, 2]);
  return { model, data: dataset('three points', x, [1, 0, 1], 2) };
}

describe('a linear model', () => {
  it('has the margins y(wᵀx + b)', () => {
    const { model, data } = byHand();
    expect(margins(model, data)).toEqual([4, 2, -1]);
  });

  it('is wrong where the margin is at most ε‖w‖₁', () => {
    const { model, data } = byHand();
    expect([0, 0.49, 0.5, 1].map((eps) => worstCaseError(model, data, eps))).toEqual([
      1 / 3,
      1 / 3,
      2 / 3,
      1,
    ]);
    expect(epsilonForError(model, data)).toBe(0.5);
  });

  it('is wrong under FGSM as often as the formula says', async () => {
    const data = gaussianTask(20, 400, { seed: 3 });
    const model = linearModel(Array(20).fill(0.5), 0);
    for (const eps of [0.1, 0.4]) {
      const { xAdv } = await fgsm(model, data.x, data.y, { eps, clip: false, box: UNBOUNDED });
      expect((await evaluate(model, xAdv, data.y)).error).toBe(worstCaseError(model, data, eps));
    }
  });
});

describe('softmax regression', () => {
  it('is wrong just past the ε of the formula, and not before, along the best direction', () => {
    const side = 2;
    const w = tf.randomNormal([4, 10], 0, 1, 'float32', 7) as tf.Tensor2D;
    const model = modelOf(softmaxRegression(side), { w, b: tf.zeros([10]) as tf.Tensor1D });
    const x = tf.randomUniform([6, side, side, 1], 0, 1, 'float32', 8) as tf.Tensor4D;
    const y = Array.from(tf.argMax(model.logits(x), 1).dataSync());
    const columns = tf.transpose(w).arraySync() as number[][];
    const eps = worstCaseEpsilons(model, dataset('random', x, y, 10));
    const images = tf.reshape(x, [6, 4]).arraySync() as number[][];
    y.forEach((label, row) => {
      expect(eps[row]).toBeGreaterThan(0);
      const isWrongAt = (amount: number): boolean =>
        columns.some((rival, j) => {
          if (j === label) return false;
          const step = rival.map((v, i) => amount * Math.sign(v - (columns[label]?.[i] ?? 0)));
          const moved = (images[row] ?? []).map((v, i) => v + (step[i] ?? 0));
          const logit = (v: number[]): number =>
            v.reduce((sum, weight, i) => sum + weight * (moved[i] ?? 0), 0);
          return logit(rival) > logit(columns[label] ?? []);
        });
      expect(isWrongAt((eps[row] ?? 0) * 1.001)).toBe(true);
      expect(isWrongAt((eps[row] ?? 0) * 0.999)).toBe(false);
    });
  });

  it('needs no ε where it is wrong already', () => {
    const model = modelOf(softmaxRegression(1), {
      w: tf.ones([1, 10]) as tf.Tensor2D,
      b: tf.oneHot(3, 10).toFloat() as tf.Tensor1D,
    });
    const data = dataset('one', tf.ones([1, 1, 1, 1]) as tf.Tensor4D, [5], 10);
    expect(worstCaseEpsilons(model, data)).toEqual([0]);
  });
});

describe('two Gaussians', () => {
  it('lie as far apart in every dimension, and are the same for the same seed', () => {
    for (const d of [4, 64]) {
      const { x, y } = gaussianTask(d, 4000, { seed: 5 });
      const mean = (label: number): tf.Tensor =>
        tf.mean(
          tf.gather(
            x,
            [...y.keys()].filter((i) => y[i] === label),
          ),
          0,
        );
      expect(tf.norm(tf.sub(mean(1), mean(0))).dataSync()[0]).toBeCloseTo(4, 0);
    }
    const key = ({ key }: Dataset): string => key;
    expect(key(gaussianTask(4, 10, { seed: 1 }))).toBe(key(gaussianTask(4, 10, { seed: 1 })));
    expect(key(gaussianTask(4, 10, { seed: 1 }))).not.toBe(key(gaussianTask(4, 10, { seed: 2 })));
  });
});
