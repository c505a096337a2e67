import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  evaluate,
  linearModel,
  logisticRegression,
  logitsAlong,
  modelOf,
  planeClasses,
  startEngine,
} from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

const sigma = (z: number): number => 1 / (1 + Math.exp(-z));

describe('evaluate', () => {
  it('measures error, loss and confidence', async () => {
    const model = linearModel([1], 0); // z = x, class 1 when x > 0
    const x = tf.tensor2d([[2], [-1], [3], [-4]]);
    const seen = await evaluate(model, x, [1, 0, 0, 1], { batchSize: 3 });
    const p = [sigma(2), sigma(1), sigma(3), sigma(4)];
    expect([...seen.predictions]).toEqual([1, 0, 1, 0]);
    expect([seen.n, seen.error]).toEqual([4, 0.5]);
    expect(seen.confidence).toBeCloseTo(p.reduce((a, b) => a + b) / 4, 6);
    expect(seen.confidenceOnErrors).toBeCloseTo((sigma(3) + sigma(4)) / 2, 6);
    const losses = [sigma(2), sigma(1), sigma(-3), sigma(-4)].map((q) => -Math.log(q));
    expect(seen.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 4, 5);
    for (const [i, loss] of losses.entries()) expect(seen.losses[i]).toBeCloseTo(loss, 5);
  });

  it('recomputes the ten-weight example: 0.9526 for class 0 becomes 0.8808 for class 1', async () => {
    const x = [2, -1, 3, -2, 2, 2, 1, -4, 5, 1];
    const w = [-1, -1, 1, -1, 1, -1, 1, 1, -1, 1];
    const model = linearModel(w, 0);
    const moved = x.map((value, i) => value + 0.5 * (w[i] as number));
    const rows = tf.tensor2d([x, moved]);
    const seen = await evaluate(model, rows, [0, 0]);
    expect([...seen.predictions]).toEqual([0, 1]);
    expect(seen.confidences[0]).toBeCloseTo(0.9526, 4);
    expect(seen.confidences[1]).toBeCloseTo(0.8808, 4);
  });

  it('takes other probabilities: of units that do not compete', async () => {
    const seen = await evaluate(linearModel([1], 0), tf.tensor2d([[2], [-3]]), [1, 0], {
      probabilities: tf.sigmoid,
    });
    expect([...seen.predictions]).toEqual([1, 0]);
    expect(seen.confidences[0]).toBeCloseTo(sigma(2), 6);
    expect(seen.confidences[1]).toBeCloseTo(0.5, 6); // σ(0) beats σ(−3)
  });

  it('leaves no tensor behind', async () => {
    const model = linearModel([1, 1], 0);
    const x = tf.ones([9, 2]);
    const count = tf.memory().numTensors;
    await evaluate(model, x, new Int32Array(9), { batchSize: 4 });
    expect(tf.memory().numTensors).toBe(count);
  });

  it('has no confidence on errors where there are none', async () => {
    const seen = await evaluate(linearModel([1], 0), tf.tensor2d([[2]]), [1]);
    expect(seen.confidenceOnErrors).toBeNaN();
  });
});

describe('a model along a line and over a plane', () => {
  it('gives the logits at each amount', async () => {
    const rows = await logitsAlong(
      linearModel([2, 1], 0.5),
      tf.tensor2d([[1, 1]]),
      tf.tensor2d([[1, 0]]),
      [0, 1, -2],
    );
    expect(rows).toEqual([
      [0, 3.5],
      [0, 5.5],
      [0, -0.5],
    ]);
  });

  it('gives the classes with a along the columns and b up the rows', async () => {
    const classes = await planeClasses(
      linearModel([1, 2], 0),
      tf.zeros([1, 2]),
      tf.tensor2d([[1, 0]]),
      tf.tensor2d([[0, 1]]),
      { extent: 3, cells: 3 },
    );
    // a + 2b > 0 at a, b in −2, 0, 2
    expect(classes).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [1, 1, 1],
    ]);
  });
});

it('a model refuses weights of another shape', () => {
  const weights = { w: tf.zeros([3]) as tf.Tensor1D, b: tf.scalar(0) };
  expect(() => modelOf(logisticRegression(4), weights)).toThrow(/weight w .*\[4\], got \[3\]/);
});
