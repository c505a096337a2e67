import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bim,
  costCurve,
  costOf,
  costUntilSuccess,
  linearModel,
  startEngine,
} from '../../src/index.js';
import { distanceLine, successLine } from '../../src/lab/attack-cost.js';

beforeAll(async () => {
  await startEngine();
});

const l2 = [3, 1, 2, 9];
const norms = { l0: [], l1: [], l2, linf: [] };
const backward = [10, 20, 30, 40];
const outcome = (...success: boolean[]) => ({ success, norms, backward });

describe('the cost of a run', () => {
  it('takes the distance within which half of the images were fooled', () => {
    expect(costOf(outcome(true, true, true, true), 'l2')).toEqual({
      gradients: 25,
      success: 1,
      distance: 2,
      n: 4,
    });
    // Without the two nearest, half of all images are those at 3 and 9; the mean would be 6.
    expect(costOf(outcome(true, false, false, true), 'l2').distance).toBe(9);
    expect(costOf(outcome(true, false, false, false), 'l2').distance).toBe(Infinity);
  });

  it('within a budget counts the images that were done by then', () => {
    const curve = costUntilSuccess(outcome(true, true, false, true), 'l2', [5, 20, 100]);
    expect(curve.map(({ gradients }) => gradients)).toEqual([5, 17.5, 25]);
    expect(curve.map(({ success }) => success)).toEqual([0, 0.5, 0.75]);
    expect(curve.map(({ distance }) => distance)).toEqual([Infinity, 3, 3]);
    expect(distanceLine(curve)).toEqual([
      { x: 17.5, y: 3 },
      { x: 25, y: 3 },
    ]);
    const [, half] = successLine(curve);
    expect(half).toMatchObject({ x: 17.5, y: 0.5 });
    expect(half?.low).toBeLessThan(0.5);
    expect(half?.high).toBeGreaterThan(0.5);
  });

  it('rises with the steps of a real attack, and keeps no image', async () => {
    const model = linearModel([1, -2, 0.5], 0);
    const x = tf.tensor2d([
      [0.9, 0.2, 0.5], // 0.214 from the border
      [0.3, 0.1, 0.6], // 0.114
    ]);
    const count = tf.memory().numTensors;
    const curve = await costCurve([1, 2, 3], 'linf', (steps) =>
      bim(model, x, [1, 1], { eps: 0.3, alpha: 0.08, steps, record: true }),
    );
    expect(tf.memory().numTensors).toBe(count);
    expect(curve.map(({ success }) => success)).toEqual([0, 0.5, 1]);
    expect(curve.map(({ gradients }) => gradients)).toEqual([1, 2, 3]);
    expect(curve[2]?.distance).toBeCloseTo(0.16, 6);
  });
});
