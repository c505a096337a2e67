/** What the iterated attacks add to one step: the best point is kept, finished images cost nothing. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bim, type Classifier, fgsm, miFgsm, rFgsm, UNBOUNDED } from '../../src/attacks/index.js';
import {
  linearModel,
  mlp240,
  modelOf,
  random,
  startEngine,
  uniformTensor,
} from '../../src/lab/index.js';
import { startWeights } from '../../src/lab/models.js';

beforeAll(async () => {
  await startEngine();
});

function setting() {
  const model = modelOf(mlp240(), startWeights(mlp240(), random(3)));
  const x = uniformTensor([16, 28, 28, 1], 5);
  const y = Int32Array.from(tf.argMax(model.logits(x), 1).dataSync());
  return { model, x, y };
}

describe('I-FGSM', () => {
  it('with one step is FGSM', async () => {
    const { model, x, y } = setting();
    const one = await bim(model, x, y, { eps: 0.05, steps: 1, untilSuccess: false, record: true });
    const { xAdv } = await fgsm(model, x, y, { eps: 0.05 });
    const [, end] = one.iterates ?? [];
    expect(tf.max(tf.abs(tf.sub(end as tf.Tensor, xAdv))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('reaches the end of the ball on a linear model, and no further', async () => {
    const model = linearModel([3, -1], 0);
    const x = tf.tensor2d([[1, 1]]);
    const { xAdv } = await bim(model, x, [1], { eps: 0.3, alpha: 0.2, steps: 4, box: UNBOUNDED });
    const [a, b] = await xAdv.data();
    expect(a).toBeCloseTo(0.7, 6);
    expect(b).toBeCloseTo(1.3, 6);
  });

  it('loses nothing with more steps', async () => {
    const { model, x, y } = setting();
    const losses: number[][] = [];
    for (const steps of [1, 2, 4, 8]) {
      const options = { eps: 0.02, alpha: 0.01, steps, untilSuccess: false };
      const { success, loss } = await bim(model, x, y, options);
      losses.push(success.map((done, i) => best(loss, i) + (done ? 1000 : 0)));
    }
    for (let k = 1; k < losses.length; k++) {
      for (const [i, now] of (losses[k] ?? []).entries()) {
        expect(now).toBeGreaterThanOrEqual(losses[k - 1]?.[i] ?? 0);
      }
    }
  });

  it('gives an image up as soon as it is adversarial, and pays for no more passes', async () => {
    const { model, x, y } = setting();
    const result = await bim(model, x, y, { eps: 0.1, steps: 10 });
    const first = result.firstSuccess;
    expect(new Set(first).size).toBeGreaterThan(1);
    // A gradient at each point up to the first adversarial one, and the last test.
    const passes = first.map((t) => (t === -1 ? 11 : t + 1));
    expect(result.forward).toEqual(passes.map((count) => count + 1));
    expect(result.backward).toEqual(first.map((t) => (t === -1 ? 10 : Math.min(t + 1, 10))));
    expect(result.loss.length).toBe(Math.max(...first) + 1);
  });

  it('returns the adversarial point, not the last one that is not', async () => {
    // z = 1 − 40 (x − 0.5)² around 0.5: the step of 0.2 from 0.4 jumps over the hill and back.
    const model: Classifier = {
      name: 'hill',
      inputShape: [1],
      classes: 2,
      logits: (x) =>
        tf.tidy(() => {
          const z = tf.sub(1, tf.mul(40, tf.square(tf.sub(x, 0.5))));
          return tf.concat([tf.zerosLike(z), z], 1) as tf.Tensor2D;
        }),
    };
    const x = tf.tensor2d([[0.4]]);
    const options = { eps: 0.4, alpha: 0.2, steps: 3, untilSuccess: false, record: true };
    // Away from class 0, which holds off the hill: 0.4 is on it already.
    const { xAdv, success, iterates } = await bim(model, x, [0], options);
    expect(iterates?.map((at) => Math.round((at.dataSync()[0] ?? 0) * 10))).toEqual([4, 6, 4, 6]);
    expect(success).toEqual([true]);
    expect([4, 6]).toContain(Math.round((xAdv.dataSync()[0] ?? 0) * 10));
  });
});

describe('MI-FGSM', () => {
  it('leaves an image without gradient where it is', async () => {
    const model: Classifier = {
      name: 'flat',
      inputShape: [2],
      classes: 2,
      logits: (x) => tf.tidy(() => tf.mul(x, 0) as tf.Tensor2D),
    };
    const x = tf.tensor2d([[0.2, 0.7]]);
    const { xAdv } = await miFgsm(model, x, [0], { eps: 0.1, untilSuccess: false });
    expect([...(await xAdv.data())]).toEqual([...(await x.data())]);
  });

  it('is I-FGSM without momentum', async () => {
    const { model, x, y } = setting();
    const options = { eps: 0.05, steps: 4, untilSuccess: false };
    const [a, b] = [
      await miFgsm(model, x, y, { ...options, mu: 0 }),
      await bim(model, x, y, options),
    ];
    expect(tf.max(tf.abs(tf.sub(a.xAdv, b.xAdv))).dataSync()[0]).toBeLessThan(1e-6);
  });
});

describe('R+FGSM', () => {
  it('is FGSM without a random step, and other images with another seed', async () => {
    const { model, x, y } = setting();
    const options = { eps: 0.1, alpha: 0.05 };
    const [a, b] = [
      await rFgsm(model, x, y, { ...options, seed: 1 }),
      await rFgsm(model, x, y, { ...options, seed: 2 }),
    ];
    const none = await rFgsm(model, x, y, { ...options, alpha: 0, seed: 1 });
    const { xAdv } = await fgsm(model, x, y, { eps: 0.1 });
    const apart = (p: tf.Tensor, q: tf.Tensor) => tf.max(tf.abs(tf.sub(p, q))).dataSync()[0];
    expect(apart(a.xAdv, b.xAdv)).toBeGreaterThan(0.05);
    expect(apart(none.xAdv, xAdv)).toBeLessThan(1e-6);
  });
});

/** The highest loss that image i had. */
function best(loss: readonly (readonly number[])[], i: number): number {
  return Math.max(...loss.map((row) => row[i] as number));
}
