/** What PGD adds to I-FGSM: starts, restarts, other norms, the margin loss. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AttackResult,
  bim,
  type Classifier,
  fgsm,
  lossGradient,
  PIXELS,
  pgd,
  successRate,
  UNBOUNDED,
} from '../../src/attacks/index.js';
import { randomStart } from '../../src/attacks/random-start.js';
import { linearModel, quantile, startEngine } from '../../src/lab/index.js';

import { FLAT, hill, scoreModel, untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

async function distance(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  return (await tf.max(tf.abs(tf.sub(a, b))).data())[0] as number;
}

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()];
}

function startsOf(
  x: tf.Tensor,
  norm: 'linf' | 'l2' | 'l1',
  radius: number,
  restart = 0,
): tf.Tensor {
  const climbs = Array.from({ length: x.shape[0] as number }, (_, image) => ({ image, restart }));
  return randomStart(x, climbs, { norm, radius, seed: 1 }, PIXELS);
}

describe('PGD without a random start', () => {
  it('with one step is FGSM, exactly', async () => {
    const { model, x, y } = untrained();
    const options = { eps: 0.02, alpha: 0.02, steps: 1, startRadius: 0, record: 'ends' } as const;
    const { restarts } = await pgd(model, x, y, options);
    const { xAdv } = await fgsm(model, x, y, { eps: 0.02 });
    expect(await distance(tf.concat([...(restarts?.ends ?? [])]), xAdv)).toBe(0);
  });

  it.each(['linf', 'l2'] as const)('is I-FGSM in %s, exactly', async (norm) => {
    const { model, x, y } = untrained();
    const options = { eps: norm === 'l2' ? 1 : 0.05, steps: 6, norm };
    const ours = { ...options, alpha: options.eps / 6, startRadius: 0, restarts: 2 };
    for (const untilSuccess of [true, false]) {
      const a = await pgd(model, x, y, { ...ours, untilSuccess });
      const b = await bim(model, x, y, { ...options, untilSuccess });
      expect(await distance(a.xAdv, b.xAdv)).toBe(0);
      expect(a.firstSuccess).toEqual(b.firstSuccess);
      expect(a.loss).toEqual(b.loss);
    }
  });
});

describe('the random start', () => {
  const half = () => tf.fill([2000, 6], 0.5);

  it.each([
    ['linf', 6],
    ['l2', 6],
    ['l1', 6],
  ] as const)('is uniform in the ball of %s: the share within r grows as r⁶', async (norm, d) => {
    const delta = tf.sub(startsOf(half(), norm, 0.4), 0.5);
    const size = tf.norm(
      delta,
      norm === 'linf' ? Number.POSITIVE_INFINITY : norm === 'l2' ? 2 : 1,
      1,
    );
    const shares = numbers(size).map((r) => (r / 0.4) ** d); // uniform in [0, 1]
    expect(Math.max(...shares)).toBeLessThanOrEqual(1 + 1e-5);
    for (const p of [0.1, 0.5, 0.9]) expect(Math.abs(quantile(shares, p) - p)).toBeLessThan(0.04);
    for (const mean of numbers(tf.mean(delta, 0))) expect(Math.abs(mean)).toBeLessThan(0.02);
    // Every feature has the same share of the square.
    const squares = numbers(tf.mean(tf.square(delta), 0));
    expect(Math.max(...squares) / Math.min(...squares)).toBeLessThan(1.3);
  });

  it.each(['linf', 'l2', 'l1'] as const)('of an image depends on no other, in %s', async (norm) => {
    const x = half();
    const climb = { image: 7, restart: 3 };
    const options = { norm, radius: 0.4, seed: 1 };
    const alone = randomStart(tf.slice(x, 7, 1), [climb], options, PIXELS);
    const others = startsOf(x, norm, 0.4, 3);
    expect(await distance(alone, tf.slice(others, 7, 1))).toBe(0);
    expect(await distance(alone, tf.slice(others, 8, 1))).toBeGreaterThan(0.01);
    expect(await distance(startsOf(x, norm, 0.4, 2), others)).toBeGreaterThan(0.01);
  });

  it('is cut to the box', async () => {
    const x0 = startsOf(tf.zeros([50, 6]), 'linf', 0.4);
    expect((await tf.min(x0).data())[0]).toBe(0);
    expect((await tf.max(x0).data())[0]).toBeGreaterThan(0.3);
  });
});

describe('the restarts', () => {
  const all = { eps: 0.008, steps: 4, untilSuccess: false } as const;

  it('are counted image by image: one success in any of them is enough', async () => {
    // The loss rises to both sides of 0.5, but only the right end is adversarial: the start decides.
    const model = scoreModel('valley', (x) => {
      const side = tf.sub(x, 0.5);
      return tf.add(tf.mul(4, tf.square(side)), tf.sub(tf.mul(side, 0.05), 0.65));
    });
    const y = new Array<number>(20).fill(0);
    const options = { eps: 0.4, restarts: 4, record: 'loss' } as const;
    const { success, restarts } = await pgd(model, tf.fill([20, 1], 0.5), y, options);
    expect(restarts?.ends).toBeUndefined(); // a record of losses costs no images
    const single = restarts?.success ?? [];
    expect(success).toEqual(single.map((one) => one.some(Boolean)));
    const rates = [0, 1, 2, 3].map((r) => single.filter((one) => one[r]).length);
    // The best single restart over all images, as some libraries count, has fooled fewer.
    expect(success.filter(Boolean).length).toBeGreaterThan(Math.max(...rates));
  });

  it('count the points after a step, not where they begin', async () => {
    // All starts, from 0.4 to 0.6, are adversarial; the one step ends at 0.1 or 0.9, and none is there.
    const options = { eps: 0.4, alpha: 0.6, steps: 1, startRadius: 0.1, restarts: 3 } as const;
    const x = tf.tensor2d([[0.5]]);
    const { xAdv, success, restarts } = await pgd(hill(1), x, [0], { ...options, record: 'ends' });
    expect([success, restarts?.success]).toEqual([[false], [[false, false, false]]]);
    expect(Math.abs((numbers(xAdv)[0] as number) - 0.5)).toBeCloseTo(0.4, 6);
    // Where success alone counts, the first start is enough.
    const { success: early, backward } = await pgd(hill(1), x, [0], options);
    expect([early, backward]).toEqual([[true], [1]]);
  });

  it('lose nothing when there are more of them, or more steps', async () => {
    const { model, x, y } = untrained();
    const worth = ({ success, loss }: AttackResult) =>
      success.map(
        (done, i) => (done ? 1000 : 0) + Math.max(...loss.map((row) => row[i] as number)),
      );
    for (const options of [
      [1, 2, 5].map((restarts) => ({ ...all, restarts })),
      [1, 2, 5].map((restarts) => ({ ...all, restarts, untilSuccess: true })),
      [1, 3, 6].map((steps) => ({ ...all, steps, alpha: 0.004 })),
    ]) {
      const results: AttackResult[] = [];
      for (const one of options) results.push(await pgd(model, x, y, one));
      for (let k = 1; k < results.length; k++) {
        const [before, now] = results.slice(k - 1).map(worth) as [number[], number[]];
        now.forEach((value, i) => {
          const least = before[i] as number;
          // Without success two restarts compare by loss; with it a first success ends the climb.
          if (options[k]?.untilSuccess && least >= 1000) expect(value).toBe(least);
          else expect(value).toBeGreaterThanOrEqual(least - 1e-5);
        });
        expect(successRate(results[k] as AttackResult)).toBeGreaterThanOrEqual(
          successRate(results[k - 1] as AttackResult),
        );
      }
    }
  });

  it('do the same, one by one or many of one image at once', async () => {
    const { model, x, y } = untrained();
    const image = tf.slice(x, 3, 1);
    const label = y.slice(3, 4);
    const options = { ...all, restarts: 10, record: 'ends' } as const;
    const together = await pgd(model, image, label, options);
    const parts = await pgd(model, image, label, { ...options, batchSize: 3 });
    const [a, b] = [together.restarts, parts.restarts];
    expect(await distance(a?.ends?.[0] as tf.Tensor, b?.ends?.[0] as tf.Tensor)).toBeLessThan(1e-6);
    expect(a?.ends?.[0]?.shape).toEqual([10, 28, 28, 1]);
    expect(a?.loss[0]?.length).toBe(10);
    expect(a?.loss[0]?.[0]?.length).toBe(all.steps + 1);
    expect(a?.success).toEqual(b?.success);
    expect(together.forward).toEqual([10 * (all.steps + 2)]);
    // As many restarts at once as there are images, but not one of each.
    const two = [tf.slice(x, 0, 2), y.slice(0, 2)] as const;
    const pairs = await pgd(model, ...two, { ...options, restarts: 2, batchSize: 2 });
    const four = await pgd(model, ...two, { ...options, restarts: 2 });
    for (const i of [0, 1]) {
      const [p, q] = [pairs, four].map(({ restarts }) => restarts?.ends?.[i] as tf.Tensor);
      expect(await distance(p as tf.Tensor, q as tf.Tensor)).toBeLessThan(1e-6);
    }
    // Restart 2 ends at the same point when others of other images come before it.
    const among = await pgd(model, tf.slice(x, 0, 4), y.slice(0, 4), { ...options, restarts: 3 });
    const ends = (result: AttackResult, i: number) =>
      tf.slice(result.restarts?.ends?.[i] as tf.Tensor, 2, 1);
    const other = await pgd(model, tf.slice(x, 0, 4), y.slice(0, 4), { ...options, restarts: 5 });
    expect(await distance(ends(among, 3), ends(other, 3))).toBeLessThan(1e-6);
  });

  it('give the image that the losses belong to', async () => {
    const { model, x, y } = untrained();
    const { xAdv, loss } = await pgd(model, x, y, { ...all, restarts: 5 });
    const { J } = lossGradient(model, xAdv, tf.tensor1d(y, 'int32'));
    numbers(J).forEach((value, i) => {
      const off = loss.map((row) => Math.abs((row[i] as number) - value));
      expect(Math.min(...off)).toBeLessThan(1e-5);
    });
  });

  it('leave no tensor behind but what they return', async () => {
    const { model, x, y } = untrained();
    const count = tf.memory().numTensors;
    const options = { ...all, restarts: 2, record: 'ends', batchSize: 5 } as const;
    const { xAdv, restarts } = await pgd(model, x, y, options);
    expect(tf.memory().numTensors).toBe(count + 1 + 16);
    tf.dispose([xAdv, ...(restarts?.ends ?? [])]);
    expect(tf.memory().numTensors).toBe(count);
  });

  it('cost nothing once an image is fooled', async () => {
    const { model, x, y } = untrained();
    const one = await pgd(model, x, y, { eps: 0.008, steps: 4, restarts: 1 });
    const four = await pgd(model, x, y, { eps: 0.008, steps: 4, restarts: 4 });
    expect(new Set(one.success).size).toBe(2);
    one.success.forEach((fooled, i) => {
      if (fooled) expect(four.forward[i]).toBe(one.forward[i]);
      else expect(four.forward[i]).toBeGreaterThan(one.forward[i] as number);
    });
  });
});

describe('on a linear model', () => {
  const w = [3, -4, 0.5];
  const x = () => tf.tensor2d([[0.5, 0.5, 0.5]]);
  const options = { eps: 0.2, steps: 10, startRadius: 0, box: UNBOUNDED };

  it.each([
    ['linf', [-0.2, 0.2, -0.2], 7.5],
    ['l2', [-0.12 * 0.9951, 0.16 * 0.9951, -0.02 * 0.9951], Math.hypot(...w)],
    ['l1', [0, 0.2, 0], 4],
  ] as const)('δ = ε times the steepest direction in %s', async (norm, delta, dual) => {
    const model = linearModel(w, 0.1);
    const { xAdv, loss } = await pgd(model, x(), [1], { ...options, norm, untilSuccess: false });
    numbers(tf.sub(xAdv, x())).forEach((v, k) => {
      expect(v).toBeCloseTo(delta[k] as number, 4);
    });
    const z = 0.5 * (3 - 4 + 0.5) + 0.1 - 0.2 * dual; // J = ζ(−z) for class 1
    expect(Math.max(...loss.map((row) => row[0] as number))).toBeCloseTo(
      Math.log1p(Math.exp(-z)),
      4,
    );
  });

  it('finds the same from any start in the ball', async () => {
    const model = linearModel(w, 0.1);
    for (const norm of ['linf', 'l2', 'l1'] as const) {
      const settings = { ...options, norm, steps: 60, alpha: 0.02, untilSuccess: false };
      const fixed = await pgd(model, x(), [1], settings);
      const drawn = await pgd(model, x(), [1], { ...settings, startRadius: 0.2 });
      expect(await distance(fixed.xAdv, drawn.xAdv)).toBeLessThan(2e-3);
    }
  });

  it('raises the margin by ε‖w‖₁, and no further than κ', async () => {
    const model = linearModel(w, 3); // z = 2.75 at x, of class 1: the margin is −2.75
    for (const [kappa, end] of [
      [50, -2.75 + 7.5 * 0.5],
      [0.4, 0.4],
    ] as const) {
      const settings = { ...options, eps: 0.5, loss: { margin: kappa }, untilSuccess: false };
      const { loss } = await pgd(model, x(), [1], settings);
      expect(loss[0]?.[0]).toBeCloseTo(-2.75, 5);
      expect(loss.at(-1)?.[0]).toBeCloseTo(end, 5);
    }
    // Towards class 0 the margin of class 0 falls, down to −κ.
    const settings = { ...options, eps: 0.5, loss: { margin: 0.4 }, untilSuccess: false };
    const { loss } = await pgd(model, x(), [1], { ...settings, target: [0] });
    expect(loss[0]?.[0]).toBeCloseTo(2.75, 5);
    expect(loss.at(-1)?.[0]).toBeCloseTo(-0.4, 5);
  });
});

describe('PGD', () => {
  it('returns the best point, not the last one', async () => {
    // z = 1 − 40 (x − 0.5)²: steps of 0.3 from 0.35 jump over the hill and end off it.
    const options = { eps: 0.6, alpha: 0.35, steps: 2, startRadius: 0, record: 'ends' } as const;
    const { success, restarts, xAdv } = await pgd(hill(1), tf.tensor2d([[0.05]]), [0], options);
    expect(numbers(restarts?.ends?.[0] as tf.Tensor)[0]).toBeCloseTo(0.65, 5);
    expect(success).toEqual([true]);
    expect(numbers(xAdv)[0]).toBeCloseTo(0.4, 5);
  });

  it('takes its own images again: nothing is outside the box by a rounding', async () => {
    const { model, y } = untrained();
    const x = tf.fill([16, 28, 28, 1], 0.1);
    const options = { eps: 0.3, steps: 3, untilSuccess: false };
    for (const norm of ['linf', 'l2', 'l1'] as const) {
      const once = await pgd(model, x, y, { ...options, norm });
      await expect(pgd(model, once.xAdv, y, { ...options, norm })).resolves.toBeDefined();
    }
  });

  it('steps in L1 on to the next feature where the box ends', async () => {
    // The largest slope alone has 0.1 to go; a step of one feature would stop there.
    const model = linearModel([5, -3, 1], 0);
    const x = tf.tensor2d([[0.1, 0.5, 0.5]]);
    const options = { eps: 0.8, steps: 200, norm: 'l1', untilSuccess: false } as const;
    const { xAdv } = await pgd(model, x, [1], options);
    [-0.1, 0.5, -0.2].forEach((wanted, k) => {
      expect(Math.abs((numbers(tf.sub(xAdv, x))[k] as number) - wanted)).toBeLessThan(0.01);
    });
  });

  it('of equal best wrong classes follows one, not the sum', async () => {
    // Classes 1 and 2 have the same logit, x₁; class 0 has x₀ · 1.5. Summed, x₁ would seem steeper.
    const model: Classifier = {
      name: 'twins',
      inputShape: [2],
      classes: 3,
      logits: (x) =>
        tf.tidy(() =>
          tf.matMul(
            x as tf.Tensor2D,
            tf.tensor2d([
              [1.5, 0, 0],
              [0, 1, 1],
            ]),
          ),
        ),
    };
    const x = tf.tensor2d([[0.8, 0.2]]);
    const options = {
      eps: 0.1,
      steps: 1,
      norm: 'l2',
      startRadius: 0,
      loss: { margin: 50 },
    } as const;
    const { xAdv } = await pgd(model, x, [0], { ...options, alpha: 0.1, untilSuccess: false });
    const [a, b] = numbers(tf.sub(xAdv, x)) as [number, number];
    expect(a / b).toBeCloseTo(-1.5, 4);
  });

  it('stays where it starts without a gradient', async () => {
    const x = tf.tensor2d([[0.2, 0.7]]);
    for (const norm of ['linf', 'l2', 'l1'] as const) {
      const { xAdv } = await pgd(FLAT, x, [0], { eps: 0.1, norm, startRadius: 0 });
      expect(numbers(xAdv)).toEqual(numbers(x));
    }
  });
});
