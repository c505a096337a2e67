/** APGD, its losses and its targets. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpoints, hasStalled, newPace, noteRise } from '../../src/attacks/apgd-pace.js';
import {
  type AttackResult,
  apgd,
  apgdTargeted,
  type Classifier,
  dlr,
  pgd,
  successRate,
  targetedDlr,
  UNBOUNDED,
} from '../../src/attacks/index.js';
import { linearModel, mlp240, mnist, random, startEngine, trained } from '../../src/lab/index.js';
import { hill } from './small-models.js';

let cache: string;

beforeAll(async () => {
  await startEngine();
  cache = await mkdtemp(join(tmpdir(), 'apgd-'));
  process.env.MARGINALIA_CACHE = cache;
});

afterAll(async () => {
  delete process.env.MARGINALIA_CACHE;
  await rm(cache, { recursive: true });
});

/** A network that has learned some digits, and a hundred others. */
async function digits() {
  const { train, test } = await mnist();
  const model = await trained(mlp240(), train.take(3000), { epochs: 4, seed: 1 });
  const { x, y } = test.take(100);
  return { model, x, y };
}

/** Mean over the images of the highest loss that each of them had. */
function meanHighest({ loss }: AttackResult): number {
  const highest = (loss[0] ?? []).map((_, i) => Math.max(...loss.map((row) => row[i] as number)));
  return highest.reduce((sum, one) => sum + one, 0) / highest.length;
}

describe('APGD on a trained network', () => {
  it.each([
    [0.05, 10],
    [0.05, 40],
    [0.1, 40],
  ])('climbs higher than PGD at ε = %d in %i steps', async (eps, steps) => {
    const { model, x, y } = await digits();
    const options = { eps, steps, untilSuccess: false };
    const [plain, auto] = [await pgd(model, x, y, options), await apgd(model, x, y, options)];
    expect(meanHighest(auto)).toBeGreaterThanOrEqual(meanHighest(plain));
    expect(successRate(auto)).toBeGreaterThanOrEqual(successRate(plain));
  });

  it('loses nothing with more restarts or more targets', async () => {
    const { model, x, y } = await digits();
    const options = { eps: 0.04, steps: 10 };
    const runs = [
      [1, 3].map((restarts) => () => apgd(model, x, y, { ...options, restarts })),
      [1, 3].map((restarts) => () => apgd(model, x, y, { ...options, restarts, loss: 'dlr' })),
      [1, 3, 9].map((targets) => () => apgdTargeted(model, x, y, { ...options, targets })),
    ];
    for (const family of runs) {
      const results: AttackResult[] = [];
      for (const run of family) results.push(await run());
      for (let k = 1; k < results.length; k++) {
        const [before, now] = results.slice(k - 1) as [AttackResult, AttackResult];
        before.success.forEach((done, i) => {
          if (done) expect(now.success[i]).toBe(true);
        });
      }
    }
  });
});

describe('the step size of APGD', () => {
  it('is looked at after 22, 41, 57, … of 100 steps', () => {
    expect(checkpoints(100)).toEqual([22, 41, 57, 70, 80, 87, 93, 99]);
    expect(checkpoints(5)).toEqual([2, 3, 3, 4, 4, 5, 5, 5]);
  });

  /** η after checkpoints at these steps, from 1, of a climb of these f. */
  function etas(climb: readonly number[], checks: readonly number[]): number[] {
    const pace = newPace(1);
    return climb.flatMap((f, t) => {
      noteRise(pace, f);
      if (!checks.includes(t)) return [];
      hasStalled(pace, t);
      return pace.eta;
    });
  }

  it('stays while three of four steps go up to new heights', () => {
    expect(etas([0, 1, 2, 1.5, 3, 4, 5, 4.5, 6], [4, 8])).toEqual([1, 1]);
  });

  it('halves where fewer go up', () => {
    expect(etas([0, 1, 0.5, 1.5, 1, 2, 3, 4, 5], [4, 8])).toEqual([0.5, 0.5]);
  });

  it('halves where three of four go up, but not above the highest point', () => {
    expect(etas([0, 1, 2, 3, 9, 1, 2, 3, 4], [4, 8])).toEqual([1, 0.5]);
    // Not when it was halved just before: that step size has had no chance yet.
    expect(etas([9, 5, 4, 3, 2, 9.5, 3, 4, 5, 1, 2, 3, 4], [4, 8, 12])).toEqual([0.5, 0.5, 0.25]);
  });

  it('counts the start among the points: where every step leads down, it is the best', async () => {
    // The first step is 2ε long and jumps over the hill, from any start, to the end of the ball.
    const options = { eps: 0.4, steps: 1, untilSuccess: false };
    const { xAdv, loss, success } = await apgd(hill(1), tf.tensor2d([[0.5]]), [0], options);
    const [start, end] = loss.map((row) => row[0] as number) as [number, number];
    expect(end).toBeLessThan(start);
    const z = 1 - 40 * ((xAdv.dataSync()[0] as number) - 0.5) ** 2;
    expect(Math.log1p(Math.exp(z))).toBeCloseTo(start, 5); // J towards class 0
    expect(success).toEqual([z > 0]);
  });

  it('halves until it fits: the top of a narrow hill is found from any start', async () => {
    // J rises to the point (0.6, 0.35); a fixed step of ε / 4 would jump over it for ever.
    const model: Classifier = {
      name: 'narrow',
      inputShape: [2],
      classes: 2,
      logits: (x) =>
        tf.tidy(() => {
          const far = tf.sum(tf.square(tf.sub(x, tf.tensor1d([0.6, 0.35]))), 1, true);
          return tf.concat(
            [tf.mul(far, 30), tf.fill([far.shape[0] as number, 1], -1)],
            1,
          ) as tf.Tensor2D;
        }),
    };
    const x = tf.fill([8, 2], 0.5);
    const y = new Array<number>(8).fill(0);
    for (const norm of ['linf', 'l2'] as const) {
      const { xAdv } = await apgd(model, x, y, { eps: 0.3, norm, steps: 100 });
      const off = tf.sub(xAdv, tf.tensor1d([0.6, 0.35]));
      expect((await tf.max(tf.abs(off)).data())[0]).toBeLessThan(0.01);
    }
  });

  it.each([
    ['linf', [-0.2, 0.2, -0.2]],
    ['l2', [-0.12, 0.16, 0]],
  ] as const)(
    'ends on a linear model at ε times the steepest direction in %s',
    async (norm, wanted) => {
      const model = linearModel([3, -4, norm === 'l2' ? 0 : 0.5], 0);
      const x = tf.fill([1, 3], 0.5);
      const options = { eps: 0.2, norm, box: UNBOUNDED, untilSuccess: false };
      const { xAdv } = await apgd(model, x, [1], options);
      const delta = [...tf.sub(xAdv, x).dataSync()];
      wanted.forEach((v, k) => {
        expect(Math.abs((delta[k] as number) - v)).toBeLessThan(5e-3);
      });
    },
  );
});

/** Z = scale · x for inputs of one feature a class. */
function identity(classes: number): Classifier {
  return {
    name: `identity-${classes}`,
    inputShape: [classes],
    classes,
    logits: (x) => tf.tidy(() => tf.mul(x, 4) as tf.Tensor2D),
  };
}

describe('the DLR loss', () => {
  it('does not change with the scale of the logits, nor with their level', () => {
    const Z = tf.tensor2d([[3, 1, 0.5, -2]]);
    const y = tf.tensor1d([0], 'int32');
    const value = (z: tf.Tensor) => dlr(z as tf.Tensor2D, y).dataSync()[0] as number;
    expect(value(Z)).toBeCloseTo(-2 / 2.5, 6);
    expect(value(tf.mul(Z, 1000))).toBeCloseTo(value(Z), 6);
    expect(value(tf.add(Z, 7))).toBeCloseTo(value(Z), 5);
  });

  it('has a gradient of exactly 0 where y ranks third, and the targeted one has not', () => {
    // Class 1 comes third in each row; without care rounding leaves a gradient in some of them.
    const rows = Array.from(random(4).uniform(50), (u) => [0.3 + u, 0.1, 0.7 + u / 3, -0.13]);
    const Z = tf.tensor2d(rows);
    const y = tf.fill([50], 1, 'int32') as tf.Tensor1D;
    const slope = (loss: (z: tf.Tensor2D) => tf.Tensor) =>
      [
        ...tf
          .grad((z) => tf.sum(loss(z as tf.Tensor2D)))(Z)
          .dataSync(),
      ].map((v) => v + 0);
    expect(slope((z) => dlr(z, y))).toEqual(new Array(200).fill(0));
    const towards = slope((z) => targetedDlr(z, tf.fill([50], 2, 'int32'), y));
    expect(towards[1]).toBeGreaterThan(0);
    expect(towards[2]).toBeLessThan(0);
  });

  it('is finite where all logits are equal', async () => {
    const flat: Classifier = { ...identity(4), logits: (x) => tf.mul(x, 0) as tf.Tensor2D };
    const x = tf.fill([1, 4], 0.5);
    const { xAdv } = await apgd(flat, x, [0], { eps: 0.1, steps: 3, loss: 'dlr' });
    expect([...tf.isNaN(xAdv).dataSync()]).toEqual([0, 0, 0, 0]);
  });

  it('reaches a target that ranks third', async () => {
    const x = tf.tensor2d([[0.9, 0.8, 0.6, 0.1, 0.1]]);
    // Too narrow for a random start to be there by chance.
    const options = { eps: 0.17, steps: 20, target: [2], loss: 'dlr' } as const;
    const { success, loss } = await apgd(identity(5), x, [0], options);
    expect(success).toEqual([true]);
    expect(loss.at(-1)?.[0]).toBeLessThan(0);
  });

  it('asks for three classes, towards a target for four', async () => {
    const of = (classes: number) => tf.fill([1, classes], 0.5);
    const options = { eps: 0.1, steps: 2 };
    const two = apgd(identity(2), of(2), [0], { ...options, loss: 'dlr' });
    await expect(two).rejects.toThrow(/at least 3 classes for the DLR loss, got 2 from identity-2/);
    const three = apgd(identity(3), of(3), [0], { ...options, loss: 'dlr', target: [1] });
    await expect(three).rejects.toThrow(/at least 4 classes for the DLR loss, got 3/);
    await expect(apgdTargeted(identity(3), of(3), [0], options)).rejects.toThrow(/at least 4/);
    await expect(apgd(identity(2), of(2), [0], options)).resolves.toBeDefined();
    await expect(apgd(identity(3), of(3), [0], { ...options, loss: 'dlr' })).resolves.toBeDefined();
  });
});

describe('APGD-T', () => {
  it('goes towards the wrong classes in the order of their logits', async () => {
    // Class 3, the third of the wrong ones, is the only one in reach: at x = 0.65 of 0.66.
    const model: Classifier = {
      name: 'one-way',
      inputShape: [1],
      classes: 5,
      logits: (x) =>
        tf.tidy(() => {
          const rising = tf.sub(tf.mul(x, 10), 4.5);
          const level = (z: number) => tf.fill(rising.shape, z);
          return tf.concat([level(2), level(1.5), level(1.2), rising, level(0)], 1) as tf.Tensor2D;
        }),
    };
    const x = tf.tensor2d([[0.52]]);
    const options = { eps: 0.14, steps: 5, seed: 1 };
    const results = [];
    for (const targets of [1, 2, 3]) {
      results.push((await apgdTargeted(model, x, [0], { ...options, targets })).success[0]);
    }
    expect(results).toEqual([false, false, true]);
  });

  it('never goes towards y, not even from an image that has left it', async () => {
    // Class 1 leads y = 0 by a hair; half of the random starts have that the other way round.
    const x = tf.tile(tf.tensor2d([[0.5, 0.501, 0.2, 0.1, 0.1]]), [20, 1]);
    const y = new Array<number>(20).fill(0);
    const options = { eps: 0.1, steps: 5, targets: 1 };
    const { success, firstSuccess } = await apgdTargeted(identity(5), x, y, options);
    expect(firstSuccess.some((t) => t > 0)).toBe(true);
    expect(success).toEqual(new Array(20).fill(true));
  });
});
