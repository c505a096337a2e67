import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Classifier,
  carliniWagner,
  discretise,
  fgsm,
  UNBOUNDED,
} from '../../src/attacks/index.js';
import { linearModel, startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Z = ±(wᵀx + b)/2 and grey levels on both sides of the border. */
const w = [0.3, -2, 0.1, 0];
const model = () => linearModel(w, 0.72);
const x = () =>
  tf.div(
    tf.tensor2d([
      [12, 130, 200, 0],
      [255, 60, 0, 90],
      [0, 160, 30, 255],
    ]),
    255,
  ) as tf.Tensor2D;
const labels = () => [...model().logits(x()).argMax(1).dataSync()];

const isWhole = (image: tf.Tensor, levels: number) =>
  [...image.dataSync()].every((v) => Math.abs(v * levels - Math.round(v * levels)) < 1e-4);

describe('an attack on the values of a file', () => {
  const settings = { steps: 100, searches: 6 };

  it('is repaired where rounding undid it, by the feature of the steepest slope', async () => {
    const attacked = await carliniWagner(model(), x(), labels(), settings);
    const options = { levels: 40 }; // coarse, so that rounding does harm
    const points = tf.div(tf.round(tf.mul(x(), 40)), 40);
    const rounded = await discretise(model(), points, labels(), attacked, {
      ...options,
      repair: 0,
    });
    const whole = await discretise(model(), points, labels(), attacked, options);
    expect(attacked.success).toEqual([true, true, true]);
    expect(rounded.success).toContain(false);
    expect(whole.success).toEqual([true, true, true]);
    rounded.success.forEach((isStill, i) => {
      expect(whole.firstSuccess[i]).toBe(isStill ? 0 : 1);
      expect(whole.forward[i]).toBe(isStill ? 1 : 3);
    });
    expect(isWhole(rounded.xAdv, 40)).toBe(true);
    expect(isWhole(whole.xAdv, 40)).toBe(true);
    const moves = tf.round(tf.mul(tf.sub(whole.xAdv, rounded.xAdv), 40)).arraySync() as number[][];
    moves.forEach((row, i) => {
      const steepest = rounded.success[i] ? 0 : labels()[i] === 1 ? 1 : -1; // w₁ = −2
      expect(row.map((move) => move + 0)).toEqual([0, steepest, 0, 0]);
    });
  });

  it('is repaired between two classes, where the steepest feature leads to and fro', async () => {
    // Either way p helps one of the two; only q, which is less steep, helps the target against both.
    const between: Classifier = {
      name: 'between',
      inputShape: [2],
      classes: 3,
      logits: (points) =>
        tf.tidy(() => {
          const [p, q] = tf.split(points as tf.Tensor2D, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
          const side = tf.mul(10, tf.sub(p, 0.5));
          const target = tf.sub(q, 0.3);
          return tf.concat([side, tf.neg(side), target], 1) as tf.Tensor2D;
        }),
    };
    const start = tf.tensor2d([[0.5, 0.2]]);
    const attacked = await carliniWagner(between, start, [0], { target: [2] });
    expect(attacked.success).toEqual([true]);
    const { success, norms } = await discretise(between, start, [0], attacked, { target: [2] });
    expect(success).toEqual([true]);
    expect(norms.l0).toEqual([2]);
  });

  it('of FGSM with ε = k/255 is what it was', async () => {
    const attacked = await fgsm(model(), x(), labels(), { eps: 8 / 255 });
    const { xAdv, success } = await discretise(model(), x(), labels(), attacked);
    const moved = tf.max(tf.abs(tf.sub(xAdv, attacked.xAdv))).dataSync()[0];
    expect(moved).toBeLessThan(1e-6);
    expect(success).toEqual(attacked.success);
  });

  it('leaves an image that was never adversarial, and features that did not change, alone', async () => {
    const y = labels();
    const attacked = await fgsm(model(), x(), y, { eps: 0 });
    const { norms, firstSuccess, backward } = await discretise(model(), x(), y, attacked);
    expect([norms.l0, firstSuccess, backward]).toEqual([
      [0, 0, 0],
      [-1, -1, -1],
      [0, 0, 0],
    ]);
  });

  it('gives the same in any batches, and leaves no tensor but its own', async () => {
    const [data, y] = [x(), labels()];
    const attacked = await carliniWagner(model(), data, y, settings);
    const net = model();
    const whole = await discretise(net, data, y, attacked, { levels: 40 });
    const count = tf.memory().numTensors;
    const parts = await discretise(net, data, y, attacked, { levels: 40, batchSize: 1 });
    expect(tf.memory().numTensors).toBe(count + 1);
    expect([...parts.xAdv.dataSync()]).toEqual([...whole.xAdv.dataSync()]);
    expect(parts.firstSuccess).toEqual(whole.firstSuccess);
  });
});

it.each([
  [{ levels: 0 }, /whole number of levels, from 1, in a box with bounds, got 0/],
  [{ box: UNBOUNDED }, /in a box with bounds, got 255 in \[-Infinity, Infinity\]/],
  [{ repair: 0.5 }, /whole number of moves to repair an image, got 0.5/],
] as const)('%o is refused', async (options, message) => {
  const attacked = await fgsm(model(), x(), labels(), { eps: 0.1 });
  await expect(discretise(model(), x(), labels(), attacked, options)).rejects.toThrow(message);
});

it('the result of other images is refused', async () => {
  const attacked = await fgsm(model(), x(), labels(), { eps: 0.1 });
  const run = discretise(model(), tf.slice(x(), 0, 2), labels().slice(0, 2), attacked);
  await expect(run).rejects.toThrow(/attack on images of shape \[2, 4\], got \[3, 4\]/);
});
