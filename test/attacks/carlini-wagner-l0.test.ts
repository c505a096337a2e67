import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { carliniWagnerL0, carliniWagnerL0Schedule } from '../../src/attacks/index.js';
import { linearModel, random, startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Ten images of 40 features that are each 0 or 1, and Z = ±(wᵀx + b)/2. */
function setting() {
  const numbers = random(7);
  const w = [...numbers.uniform(40, -1, 1)];
  const points = Array.from({ length: 10 }, () => [...numbers.mask(40, 0.5)].map((v) => v / 2));
  const model = linearModel(w, 3);
  const x = tf.tensor2d(points);
  const y = [...model.logits(x).argMax(1).dataSync()];
  return { w, points, model, x, y };
}

/** The fewest features that can turn the class: those with the largest |w_i| · room, where the room is
 *  the way to the end of the box. */
function fewest(w: readonly number[], x: readonly number[]): number {
  const score = x.reduce((sum, value, i) => sum + value * (w[i] as number), 3);
  const gains = x.map((value, i) => {
    const weight = -Math.sign(score) * (w[i] as number);
    return weight * (weight > 0 ? 1 - value : -value);
  });
  gains.sort((a, b) => b - a);
  let left = Math.abs(score);
  for (let count = 1; ; count++) {
    left -= gains[count - 1] as number;
    if (left < 0) return count;
  }
}

describe('the fewest features of a linear model', () => {
  it.each(['share', 'root', 'one'] as const)('%s: exactly', async (freezing) => {
    const { w, points, model, x, y } = setting();
    const { norms, success } = await carliniWagnerL0(model, x, y, { freezing });
    expect(success).toEqual(y.map(() => true));
    expect(norms.l0).toEqual(points.map((point) => fewest(w, point)));
    expect(Math.max(...norms.l0)).toBeGreaterThan(4);
  });

  it('towards a target, and by the settings of the authors', async () => {
    const { w, points, model, x, y } = setting();
    const target = y.map((label) => 1 - label);
    const few = { lr: 0.2, steps: 60, initialC: 10, largestC: 100 };
    const options = { ...carliniWagnerL0Schedule, target, ...few };
    const { norms } = await carliniWagnerL0(model, x, y, options);
    expect(norms.l0).toEqual(points.map((point) => fewest(w, point)));
  });
});

it('goes on where a descent ended that found nothing, until the first example', async () => {
  const model = linearModel([1, 1, 1, 1], -3.4); // the class turns where the sum is above 3.4
  const x = tf.fill([1, 4], 0.2);
  // Steps of 0.1: one descent reaches a sum of 2, the four that c = 10 to 80 allows reach 4.
  const { success, norms } = await carliniWagnerL0(model, x, [0], { steps: 3 });
  expect(success).toEqual([true]);
  expect(norms.l0).toEqual([4]);
});

it('without its warm start begins each descent at the image, and finds the same set', async () => {
  const { w, points, model, x, y } = setting();
  const [one, label] = [tf.slice(x, 0, 1), [y[0] as number]];
  const run = async (warmStart: boolean) => {
    const { norms, iterates = [] } = await carliniWagnerL0(model, one, label, {
      record: true,
      warmStart,
    });
    const atImage = iterates.filter((point) => tf.all(tf.equal(point, one)).dataSync()[0] === 1);
    return { l0: norms.l0[0], beginnings: atImage.length };
  };
  const least = fewest(w, points[0] as number[]);
  expect(await run(true)).toEqual({ l0: least, beginnings: 1 });
  const cold = await run(false);
  expect(cold.l0).toBe(least);
  expect(cold.beginnings).toBeGreaterThan(2);
});

it('leaves frozen features exactly as they were, under the change of variables too', async () => {
  const { model, x, y } = setting();
  const constraint = 'change-of-variables';
  const { xAdv, norms } = await carliniWagnerL0(model, x, y, { constraint, lr: 1 });
  const changed = tf.sum(tf.cast(tf.greater(tf.abs(tf.sub(xAdv, x)), 1e-3), 'float32'), 1);
  expect(norms.l0).toEqual([...changed.dataSync()]);
});

it.each([
  [{ initialC: 0 }, /initialC above 0 and largestC from it on, got 0 and/],
  [{ initialC: 10, largestC: 1 }, /got 10 and 1/],
  [{ largestC: Number.POSITIVE_INFINITY }, /got 10 and Infinity/],
] as const)('%o is refused', async (options, message) => {
  const { model, x, y } = setting();
  await expect(carliniWagnerL0(model, x, y, options)).rejects.toThrow(message);
});
