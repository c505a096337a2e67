import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  danskinOnLogistic,
  danskinOnModel,
  dataset,
  linearModel,
  mlp,
  modelOf,
  pgd,
  random,
  startEngine,
  startWeights,
  twoMaximisers,
  uniformTensor,
  worstLossBounds,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

describe("Danskin's theorem", () => {
  it('holds to 1e-8 where the maximiser is exact and unique', () => {
    const theta = { w: [0.4, -1.1, 0.7], b: 0.2 };
    for (const y of [-1, 1]) {
      const { predicted, measured } = danskinOnLogistic(theta, [0.1, 0.6, 0.9], y, 0.25);
      expect(predicted.length).toBe(4);
      for (const [j, slope] of predicted.entries()) expect(measured[j]).toBeCloseTo(slope, 8);
    }
  });

  it('is left where a weight is 0, and the maximiser not unique', () => {
    const at = (w: number) => danskinOnLogistic({ w: [w, 1], b: 0 }, [0.1, 0.5], 1, 0.25, 1e-3);
    // ε|w| has a kink at 0: the difference sees its mean slope, the next points do not.
    expect(at(0).measured[0]).not.toBeCloseTo(at(0.01).predicted[0] as number, 2);
    expect(at(0.01).measured[0]).toBeCloseTo(at(0.01).predicted[0] as number, 6);
  });

  it('does not make minus one of two gradients a descent direction', () => {
    const { before, afterOne, afterMean } = twoMaximisers(0.1);
    const s = 0.1 / (1 + Math.exp(-1));
    expect(before).toBeCloseTo(Math.log1p(Math.E), 12);
    expect(afterOne).toBeCloseTo(Math.log1p(Math.exp(1 + 3 * s)), 12);
    expect(afterMean).toBeCloseTo(Math.log1p(Math.exp(1 - s)), 12);
    expect(afterOne).toBeGreaterThan(before);
    expect(afterMean).toBeLessThan(before);
    // The maximum over a fine grid of δ agrees, also where θ₁ < 0.
    for (const size of [0.1, 1, 2]) {
      const step = size / (1 + Math.exp(-1));
      const J = (delta: number) => Math.log1p(Math.exp((1 - step) * delta ** 2 - 4 * step * delta));
      const grid = Array.from({ length: 20_001 }, (_, i) => J(i / 10_000 - 1));
      expect(twoMaximisers(size).afterOne).toBeCloseTo(Math.max(...grid), 6);
    }
  });

  it('predicts the slope of the exact maximum of a linear model', () => {
    const model = linearModel([0.4, -1.1, 0.7], 0.2);
    const x = tf.tensor2d([
      [0.5, 0.6, 0.4],
      [0.6, 0.5, 0.5],
    ]);
    const data = dataset('two', x, [1, 0], 2);
    const options = { eps: 0.25, alpha: 0.1, steps: 8, reaches: [0.01], seed: 1 };
    const [found] = danskinOnModel(model, data, options);
    const slopes = [
      danskinOnLogistic({ w: [0.4, -1.1, 0.7], b: 0.2 }, [0.5, 0.6, 0.4], 1, 0.25),
      danskinOnLogistic({ w: [0.4, -1.1, 0.7], b: 0.2 }, [0.6, 0.5, 0.5], -1, 0.25),
    ].map(({ predicted }) => predicted);
    const meanSlope = slopes[0]?.map((slope, j) => (slope + (slopes[1]?.[j] as number)) / 2);
    const length = Math.sqrt((meanSlope ?? []).reduce((sum, slope) => sum + slope ** 2, 0));
    expect(found?.predicted).toBeCloseTo(-length, 5);
    // The maximiser is unique, and stays while the signs of the weights do.
    for (const kind of ['held', 'anew', 'best'] as const) {
      expect(found?.[kind]).toBeCloseTo(-length, 3);
    }
  });

  it('predicts the descent of a network, and leaves no tensor', () => {
    const architecture = mlp(12, 7);
    const model = modelOf(architecture, startWeights(architecture, random(3)));
    const data = dataset('made up', uniformTensor([20, 7, 7, 1], 5), digits(20), 10);
    const count = tf.memory().numTensors;
    const options = { eps: 0.1, alpha: 0.02, steps: 20, reaches: [2e-3, 1e-3], seed: 1 };
    const slopes = danskinOnModel(model, data, options);
    expect(tf.memory().numTensors).toBe(count);
    expect(slopes.map(({ reach }) => reach)).toEqual([2e-3, 1e-3]);
    for (const { predicted, held, anew, best } of slopes) {
      expect(predicted).toBeLessThan(0);
      for (const slope of [held, anew, best]) {
        expect(Math.abs(slope / predicted - 1)).toBeLessThan(0.1);
      }
    }
  });
});

const digits = (n: number): number[] => Array.from({ length: n }, (_, i) => i % 10);

describe('worstLossBounds', () => {
  const net = () => {
    const architecture = mlp(10, 4);
    return modelOf(architecture, startWeights(architecture, random(7)));
  };

  it('are the loss itself in a ball of no size', async () => {
    const x = uniformTensor([10, 4, 4, 1], 2);
    const bounds = await worstLossBounds(net(), x, digits(10), { eps: 0 });
    const result = await pgd(net(), x, digits(10), { eps: 0, steps: 1 });
    for (const [i, bound] of bounds.entries()) {
      expect(bound).toBeCloseTo(result.loss[0]?.[i] as number, 5);
    }
  });

  it('are above all that PGD finds, and no attack leaves the class below ln 2', async () => {
    const { architecture, weights } = net();
    // Larger logits, and the classes that they give: some losses are small.
    const model = modelOf(architecture, { ...weights, w3: tf.mul<tf.Tensor2D>(weights.w3, 8) });
    const x = uniformTensor([200, 4, 4, 1], 2);
    const y = [...model.logits(x).argMax(1).dataSync()];
    const eps = 0.01;
    const bounds = await worstLossBounds(model, x, y, { eps });
    const attack = { eps, steps: 20, restarts: 3, seed: 1, record: 'loss' as const };
    const { success, restarts } = await pgd(model, x, y, attack);
    let guaranteed = 0;
    for (const [i, bound] of bounds.entries()) {
      const found = Math.max(...(restarts?.loss[i] ?? []).flat());
      expect(bound).toBeGreaterThanOrEqual(found - 1e-5);
      if (bound >= Math.LN2) continue;
      guaranteed++;
      expect(success[i]).toBe(false);
    }
    expect(guaranteed).toBeGreaterThan(20);
    expect(success).toContain(true);
  });

  it('are met where all units stay on: the network is linear in the ball', async () => {
    const architecture = mlp(1, 2);
    const weights = startWeights(architecture, random(1));
    const model = modelOf(architecture, {
      ...weights,
      w1: tf.tensor2d([[1], [1], [1], [1]]),
      b1: tf.tensor1d([1]),
      w2: tf.tensor2d([[1]]),
      b2: tf.tensor1d([0]),
      w3: tf.oneHot(tf.tensor1d([3], 'int32'), 10).toFloat() as tf.Tensor2D,
    });
    const [bound] = await worstLossBounds(model, tf.fill([1, 2, 2, 1], 0.5), [3], { eps: 0.25 });
    // Z₃ = 1 + Σx is at least 2, the other nine are 0.
    expect(bound).toBeCloseTo(Math.log1p(9 * Math.exp(-2)), 5);
    const [cut] = await worstLossBounds(model, tf.zeros([1, 2, 2, 1]), [3], { eps: 0.25 });
    expect(cut).toBeCloseTo(Math.log1p(9 * Math.exp(-1)), 5);
  });
});
