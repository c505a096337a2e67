import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dataset,
  fgsmMix,
  layerGrowth,
  linearModel,
  lossAlong,
  mlp,
  modelOf,
  objectiveLoss,
  pairedDifference,
  random,
  rankCorrelation,
  roughness,
  smallestSteps,
  startEngine,
  startWeights,
  totalVariation,
  turns,
  uniformTensor,
  weightGradients,
  weightsOfUnits,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

const small = () => {
  const architecture = mlp(6, 7);
  return modelOf(architecture, startWeights(architecture, random(3)));
};
const images = () =>
  dataset('made up', uniformTensor([8, 7, 7, 1], 5), [0, 1, 2, 3, 4, 5, 6, 7], 10);

describe('smallestSteps', () => {
  it('finds the first step of the grid beyond the border, and Infinity where none is', async () => {
    const x = tf.tensor2d([
      [0.45, 0.5],
      [0.1, 0.9],
    ]); // z = x₁ − x₂ = −0.05 and −0.8: class 0
    const found = await smallestSteps(linearModel([1, -1], 0), x, [0, 0], [0.01, 0.03, 0.05]);
    expect(found.eps).toEqual([0.03, Number.POSITIVE_INFINITY]);
    expect(found.l2[0]).toBeCloseTo(0.03 * Math.SQRT2, 6);
  });
});

describe('loss along a direction', () => {
  it('is rough where it bends', async () => {
    const x = tf.tensor2d([[0, 0]]);
    const [J] = await lossAlong(linearModel([1, 0], 0), x, [0], tf.tensor2d([[1, 0]]), [0, 1]);
    expect(J?.[0]).toBeCloseTo(Math.log(2), 5);
    expect(J?.[1]).toBeCloseTo(Math.log(1 + Math.E), 5);
    expect(roughness([[0, 1, 2, 3]])).toBe(0);
    expect(roughness([[0, 1, 0]])).toBe(2);
  });

  it('counts turns from the middle outwards', () => {
    expect(turns([true, true, true, false, false])).toBe(1);
    expect(turns([true, false, true, false, true])).toBe(2);
    expect(turns([false, false, true, true, true])).toBe(1);
  });
});

describe('layerGrowth', () => {
  it('is 0 for equal images, and 1 in the first layer for doubled ones without biases', async () => {
    const [model, { x }] = [small(), images()];
    const still = await layerGrowth(model, x, x);
    expect(still.map(({ change }) => change)).toEqual([0, 0, 0, 0, 0]);
    const doubled = await layerGrowth(model, x, tf.mul(x, 2));
    expect(doubled.map(({ layer }) => layer)).toEqual(['z1', 'h1', 'z2', 'h2', 'Z']);
    for (const { change } of doubled) expect(change).toBeCloseTo(1, 5);
  });
});

describe('weights', () => {
  it('come unit by unit', async () => {
    const w = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    expect((await weightsOfUnits(w)).map((one) => [...one])).toEqual([
      [1, 3, 5, 7],
      [2, 4, 6, 8],
    ]);
  });

  it('vary less where they are smooth, whatever their size', () => {
    expect(totalVariation([1, 1, 1, 1], 2)).toBe(0);
    expect(totalVariation([1, -1, -1, 1], 2)).toBeCloseTo(4, 6); // 4 jumps of 2, length 2
    expect(totalVariation([5, -5, -5, 5], 2)).toBeCloseTo(4, 6);
    expect(totalVariation([0, 0, 0, 0], 2)).toBe(0);
  });
});

describe('statistics of pairs', () => {
  it('ranks, with ties', () => {
    expect(rankCorrelation([1, 2, 3], [1, 10, 100])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 2], [5, 5, 9])).toBeCloseTo(1, 12);
  });

  it('takes the second minus the first', () => {
    expect(pairedDifference([1, 2], [2, 4]).mean).toBe(1.5);
  });
});

describe('objectives', () => {
  it('mix clean and FGSM loss, without a gradient through the sign', () => {
    const [model, data] = [small(), images()];
    const clean = objectiveLoss(fgsmMix({ eps: 0, alpha: 0.5 }), model, data);
    const mixed = objectiveLoss(fgsmMix({ eps: 0.2, alpha: 0.5 }), model, data);
    expect(mixed).toBeGreaterThan(clean);
    const both = weightGradients(fgsmMix({ eps: 0.2 }), model, data, {
      weight: 'w2',
      entries: [0, 7, 20, 35],
    });
    const largest = Math.max(...both.gradient.map(Math.abs));
    both.gradient.forEach((slope, i) => {
      expect(Math.abs(slope - (both.differences[i] as number))).toBeLessThan(0.02 * largest);
    });
  });
});
