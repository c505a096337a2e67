/** FGSM and I-FGSM with the smallest ε, where that ε is known. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bim, fgsm, smallestBim, smallestFgsm } from '../../src/attacks/index.js';
import { linearModel, startEngine } from '../../src/lab/index.js';
import { scoreModel, untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

describe.each([
  ['FGSM', smallestFgsm],
  ['I-FGSM', smallestBim],
] as const)('%s with the smallest ε', (_, attack) => {
  it('is the first of the grid beyond the exact distance on a linear model', async () => {
    const model = linearModel([1, -2, 0.5], 0);
    const points = [
      [0.5, 0.5, 0.5], // z = −0.25
      [0.9, 0.2, 0.5], // z = 0.75
      [0.3, 0.1, 0.6], // z = 0.4
    ];
    const options = { levels: 25, steps: 30 };
    const { norms, success } = await attack(model, tf.tensor2d(points), [0, 1, 1], options);
    expect(success).toEqual([true, true, true]);
    // |z| / ‖w‖₁ = 0.0714, 0.2143, 0.1143.
    [0.08, 0.24, 0.12].forEach((eps, i) => {
      expect(norms.linf[i]).toBeCloseTo(eps, 6);
    });
  });

  it('is the smallest at which the attack itself reaches its targets', async () => {
    const { model, x, y } = untrained(12);
    const target = y.map((label) => (label + 3) % 10);
    const { norms, success } = await attack(model, x, y, {
      target,
      levels: 16,
      eps: 0.25,
      steps: 40,
    });
    for (let k = 1; k <= 16; k++) {
      const eps = k / 64;
      const fixed =
        attack === smallestFgsm
          ? await fgsm(model, x, y, { eps, target })
          : await bim(model, x, y, { eps, alpha: 1 / 64, steps: 40, target });
      success.forEach((isSuccess, i) => {
        const size = norms.linf[i] as number;
        if (!isSuccess || size > eps + 1e-6) expect(fixed.success[i]).toBe(false);
        else if (Math.abs(size - eps) < 1e-6) expect(fixed.success[i]).toBe(true);
      });
    }
    expect(success.filter(Boolean).length).toBeGreaterThan(attack === smallestFgsm ? 0 : 11);
  });

  it('leaves an image that is adversarial already, and takes no gradient for it again', async () => {
    const x = tf.tensor2d([[0.5, 0.5]]);
    const result = await attack(linearModel([1, -0.5], 0), x, [0]);
    expect([result.norms.l0, result.firstSuccess, result.success]).toEqual([[0], [0], [true]]);
    expect(result.backward[0]).toBe(attack === smallestFgsm ? 1 : 0);
  });

  it.each([
    [{ eps: 0 }, /a largest eps above 0, got 0/],
    [{ eps: 2 }, /eps from 0 to 1, got 2/],
    [{ levels: 0.5 }, /whole number of levels, from 1, got 0.5/],
  ])('refuses %o', async (options, message) => {
    const x = tf.tensor2d([[0.5, 0.5]]);
    await expect(attack(linearModel([1, -0.5], 0), x, [1], options)).rejects.toThrow(message);
  });
});

/** Class 1 from x₁ = 0.6 to 0.8 alone, class 0 elsewhere. The gradient points upwards everywhere below
 *  0.7. */
const band = scoreModel('band', (x) => tf.sub(0.1, tf.abs(tf.sub(x, 0.7))));

describe('FGSM with the smallest ε', () => {
  it('finds the band that larger steps overshoot, with one gradient', async () => {
    const x = tf.tensor2d([[0.21]]);
    const target = [1];
    expect((await fgsm(band, x, [0], { eps: 0.8, target })).success).toEqual([false]);
    const result = await smallestFgsm(band, x, [0], { target, levels: 50 });
    expect(result.success).toEqual([true]);
    expect(result.norms.linf[0]).toBeCloseTo(0.4, 6);
    expect(result.firstSuccess).toEqual([20]);
    expect(result.loss.length).toBe(21);
    expect(result.backward).toEqual([1]);
  });
});

describe('I-FGSM with the smallest ε', () => {
  it('makes the steps that all balls share once', async () => {
    // Class 1 beyond 0.2895; steps of 0.01, and balls of 1 to 32 of them.
    const model = scoreModel('step', (x) => tf.sub(x, 0.2895));
    const options = { levels: 32, eps: 0.32, steps: 40 };
    const { norms, backward } = await smallestBim(model, tf.tensor2d([[0]]), [0], options);
    expect(norms.linf[0]).toBeCloseTo(0.29, 6);
    // A look before each step and one at the end. In the ball of 32 there are 29 steps, which says that
    // 29 are enough; in that of 14 all 40. Then that of 21 begins after 14 steps, with 26 left; those of
    // 25, 27 and 28 begin after 21, 25 and 27.
    expect(backward).toEqual([30 + 41 + 27 + 20 + 16 + 14]);
  });

  it('returns what the largest ε left where none is enough', async () => {
    const x = tf.tensor2d([[0.2]]);
    const result = await smallestBim(band, x, [0], { target: [1], eps: 0.25, levels: 5 });
    expect(result.success).toEqual([false]);
    expect(result.norms.linf[0]).toBeCloseTo(0.25, 6);
    expect(result.firstSuccess).toEqual([-1]);
  });
});
