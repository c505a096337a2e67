/** What the iterated attacks add to one step: the best point is kept, finished images cost nothing. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bim,
  type Classifier,
  crossEntropy,
  fgsm,
  type Images,
  type Labels,
  miFgsm,
  type PgdOptions,
  pgd,
  rFgsm,
  UNBOUNDED,
} from '../../src/attacks/index.js';
import { linearModel, startEngine } from '../../src/lab/index.js';

import { FLAT, hill, scoreModel, untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

/** PGD from the image itself. */
function pgdFromImage(model: Classifier, x: Images, y: Labels, options: PgdOptions) {
  return pgd(model, x, y, { alpha: options.eps, startRadius: 0, ...options });
}

describe('I-FGSM', () => {
  it('reaches the end of the ball on a linear model, and no further', async () => {
    const model = linearModel([3, -1], 0);
    const x = tf.tensor2d([[1, 1]]);
    const { xAdv } = await bim(model, x, [1], { eps: 0.3, alpha: 0.2, steps: 4, box: UNBOUNDED });
    const [a, b] = await xAdv.data();
    expect(a).toBeCloseTo(0.7, 6);
    expect(b).toBeCloseTo(1.3, 6);
  });

  it('gives an image up as soon as it is adversarial, and pays for no more passes', async () => {
    const { model, x, y } = untrained();
    const result = await bim(model, x, y, { eps: 0.1, steps: 10 });
    const first = result.firstSuccess;
    expect(new Set(first).size).toBeGreaterThan(1);
    // A gradient at each point up to the first adversarial one, and the last test.
    const passes = first.map((t) => (t === -1 ? 11 : t + 1));
    expect(result.forward).toEqual(passes.map((count) => count + 1));
    expect(result.backward).toEqual(first.map((t) => (t === -1 ? 10 : Math.min(t + 1, 10))));
    expect(result.loss.length).toBe(Math.max(...first) + 1);
  });

  it('tests the last step too', async () => {
    // z = 3 − 1 = 2 falls by 0.8 a step: to 1.2, 0.4 and −0.4.
    const x = tf.tensor2d([[1, 1]]);
    const options = { eps: 0.6, alpha: 0.2, steps: 3, box: UNBOUNDED };
    const { success, firstSuccess } = await bim(linearModel([3, -1], 0), x, [1], options);
    expect([success, firstSuccess]).toEqual([[true], [3]]);
  });

  it('returns the adversarial point, not the last one that is not', async () => {
    // z = 1 − 40 (x − 0.5)² is above 0 around 0.5: the step of 0.25 from 0.3 jumps over the top, and
    // the next one back.
    const x = tf.tensor2d([[0.3]]);
    const options = { eps: 0.4, alpha: 0.25, steps: 2, untilSuccess: false, record: true };
    const { xAdv, success, iterates } = await bim(hill(1), x, [0], options);
    const hundredths = (at: tf.Tensor): number => Math.round((at.dataSync()[0] as number) * 100);
    expect(iterates?.map(hundredths)).toEqual([30, 55, 30]);
    expect(success).toEqual([true]);
    expect(hundredths(xAdv)).toBe(55);
  });
});

describe.each([
  ['I-FGSM', bim],
  ['MI-FGSM', miFgsm],
])('%s', (_, attack) => {
  it('loses nothing with more steps, on the images that it returns', async () => {
    const { model, x, y } = untrained();
    const labels = tf.tensor1d(y, 'int32');
    let before = new Array<number>(y.length).fill(0);
    for (const steps of [1, 2, 4, 8, 16]) {
      const options = { eps: 0.02, alpha: 0.02, steps, untilSuccess: false };
      const { xAdv, success } = await attack(model, x, y, options);
      const J = crossEntropy(model.logits(xAdv), labels).dataSync();
      const now = success.map((done, i) => (J[i] as number) + (done ? 1000 : 0));
      now.forEach((score, i) => {
        expect(score).toBeGreaterThanOrEqual((before[i] as number) - 1e-4);
      });
      before = now;
    }
  });
});

describe.each([
  ['I-FGSM', bim],
  ['MI-FGSM', miFgsm],
  ['PGD without a random start', pgdFromImage],
] as const)('%s with one step', (_, attack) => {
  it('is FGSM, exactly', async () => {
    const { model, x, y } = untrained();
    const { xAdv } = await fgsm(model, x, y, { eps: 0.05 });
    for (const untilSuccess of [true, false]) {
      const one = await attack(model, x, y, { eps: 0.05, steps: 1, untilSuccess });
      expect(tf.max(tf.abs(tf.sub(one.xAdv, xAdv))).dataSync()[0]).toBe(0);
    }
  });

  it.each([
    ['not adversarial', -0.01, false],
    ['not adversarial', -0.01, true],
    ['adversarial', 1, false],
  ] as const)(
    'is FGSM where it lowers the loss, from a start that is %s',
    async (_, top, untilSuccess) => {
      // z = top − 40 (x − 0.5)²: the step from 0.45 jumps over the hill, to 0.85.
      const x = tf.tensor2d([[0.45]]);
      const one = await attack(hill(top), x, [0], { eps: 0.4, steps: 1, untilSuccess });
      const { xAdv, ...fast } = await fgsm(hill(top), x, [0], { eps: 0.4 });
      expect([...one.xAdv.dataSync()]).toEqual([...xAdv.dataSync()]);
      expect(one.loss[1]?.[0]).toBeLessThan(one.loss[0]?.[0] as number);
      expect([one.success, one.firstSuccess]).toEqual([fast.success, fast.firstSuccess]);
    },
  );

  it('leaves an image that is adversarial already, where success alone counts', async () => {
    const x = tf.tensor2d([[0.45]]);
    const one = await attack(hill(1), x, [0], { eps: 0.4, steps: 1 });
    expect([...one.xAdv.dataSync()]).toEqual([...x.dataSync()]);
    expect([one.success, one.firstSuccess]).toEqual([[true], [0]]);
  });
});

describe('MI-FGSM', () => {
  it('leaves an image without gradient where it is', async () => {
    const x = tf.tensor2d([[0.2, 0.7]]);
    const { xAdv } = await miFgsm(FLAT, x, [0], { eps: 0.1, untilSuccess: false });
    expect([...(await xAdv.data())]).toEqual([...(await x.data())]);
  });

  it('goes on with its momentum where the gradient is exactly zero', async () => {
    // z₁ rises to 0.25 and is flat from there on; the gradient has an entry at 0.2 alone.
    const model = scoreModel('plateau', (x) => tf.minimum(x, 0.25));
    const options = { eps: 0.3, alpha: 0.1, steps: 3, untilSuccess: false, record: true };
    const { iterates } = await miFgsm(model, tf.tensor2d([[0.2]]), [0], options);
    const tenths = iterates?.map((at) => Math.round((at.dataSync()[0] as number) * 10));
    expect(tenths).toEqual([2, 3, 4, 5]);
  });

  it('is I-FGSM without momentum', async () => {
    const { model, x, y } = untrained();
    const options = { eps: 0.05, steps: 4, untilSuccess: false };
    const [a, b] = [
      await miFgsm(model, x, y, { ...options, mu: 0 }),
      await bim(model, x, y, options),
    ];
    expect(tf.max(tf.abs(tf.sub(a.xAdv, b.xAdv))).dataSync()[0]).toBeLessThan(1e-6);
  });
});

describe('R+FGSM', () => {
  it('goes α at random and ε − α downhill, with one gradient', async () => {
    // Away from class 1: the first feature down, the second up.
    const x = tf.zeros([200, 2]);
    const y = new Int32Array(200).fill(1);
    const options = { eps: 0.1, alpha: 0.03, seed: 1, clip: false, box: UNBOUNDED };
    const result = await rFgsm(linearModel([3, -1], 0), x, y, options);
    const along = [...tf.mul(result.xAdv, [-1, 1]).dataSync()];
    const places = new Set(along.map((step) => Math.round(step * 1000)));
    expect(places).toEqual(new Set([100, 40])); // 70 + 30 and 70 − 30 thousandths
    const lucky = along.filter((step) => step > 0.07).length;
    expect(Math.abs(lucky - 200)).toBeLessThan(40); // of 400, four standard deviations
    expect([new Set(result.forward), new Set(result.backward)]).toEqual([
      new Set([2]),
      new Set([1]),
    ]);
  });

  it('is FGSM without a random step, and other images with another seed', async () => {
    const { model, x, y } = untrained();
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
