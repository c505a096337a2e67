import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Objective, objective } from '../../src/attacks/carlini-wagner/objectives.js';
import {
  type AttackResult,
  carliniWagner,
  carliniWagnerL0,
  carliniWagnerLinf,
  UNBOUNDED,
} from '../../src/attacks/index.js';
import { linearModel, startEngine } from '../../src/lab/index.js';
import { untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

const OBJECTIVES = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'] as const;
const CONSTRAINTS = ['change-of-variables', 'clipped', 'projected'] as const;

describe('the nearest point of a linear model', () => {
  /** Z = ±(wᵀx + b)/2: the border lies |wᵀx + b| / ‖w‖ away. */
  const w = [3, -2, 1];
  const model = () => linearModel(w, 0.2);
  const points = [
    [0.6, 0.3, 0.5],
    [0.2, 0.4, 0.9],
  ];
  const scores = points.map((x) => x.reduce((sum, v, i) => sum + v * (w[i] as number), 0.2));
  const exact = scores.map((score) => Math.abs(score) / Math.hypot(...w));

  it.each([
    ...OBJECTIVES.flatMap((f) => CONSTRAINTS.map((box) => [f, box, 'steered'] as const)),
    ...CONSTRAINTS.map((box) => ['f6', box, 'searched'] as const),
  ])('%s, %s, c %s: within 5 %', async (objective, constraint, constant) => {
    const x = tf.tensor2d(points);
    const Z = model().logits(x);
    const y = [...Z.argMax(1).dataSync()];
    const target = y.map((label) => 1 - label);
    const result = await carliniWagner(model(), x, y, {
      target,
      objective,
      constraint,
      constant,
      lr: constraint === 'change-of-variables' ? 0.1 : 0.02,
      searches: 8,
      steps: 100,
    });
    expect(result.success).toEqual([true, true]);
    exact.forEach((distance, i) => {
      expect((result.norms.l2[i] as number) / distance).toBeGreaterThanOrEqual(1 - 1e-5);
      expect((result.norms.l2[i] as number) / distance).toBeLessThanOrEqual(1.05);
    });
  });

  it.each([1e-3, 100])('from c = %d on, steered: within 1 %', async (initialC) => {
    const x = tf.tensor2d(points);
    const y = [...model().logits(x).argMax(1).dataSync()];
    const { success, norms } = await carliniWagner(model(), x, y, { initialC });
    expect(success).toEqual([true, true]);
    exact.forEach((distance, i) => {
      expect((norms.l2[i] as number) / distance).toBeLessThanOrEqual(1.01);
    });
  });

  it('from a c of each image: what each finds alone', async () => {
    const x = tf.tensor2d([...points.slice(0, 1), ...points]);
    const y = [...model().logits(x).argMax(1).dataSync()];
    y[0] = 1 - (y[0] as number); // adversarial as it is
    const fixed = { constant: 'searched', searches: 1, steps: 50 } as const;
    for (const batchSize of [1, 3]) {
      const constants = [7, 0.01, 3];
      const all = await carliniWagner(model(), x, y, { ...fixed, batchSize, initialC: constants });
      expect(all.success).toEqual([true, false, true]);
      for (const [i, initialC] of constants.entries()) {
        const { norms } = await carliniWagner(model(), x, y, { ...fixed, initialC });
        expect(norms.l2[i]).toBeCloseTo(all.norms.l2[i] as number, 6);
      }
    }
  });

  it.each(CONSTRAINTS)('in the max norm, %s: within 5 %', async (constraint) => {
    const x = tf.tensor2d(points);
    const y = [...model().logits(x).argMax(1).dataSync()];
    const target = y.map((label) => 1 - label);
    const result = await carliniWagnerLinf(model(), x, y, { target, constraint });
    expect(result.success).toEqual([true, true]);
    const size = w.reduce((sum, weight) => sum + Math.abs(weight), 0);
    scores.forEach((score, i) => {
      const ratio = (result.norms.linf[i] as number) / (Math.abs(score) / size);
      expect(ratio).toBeGreaterThanOrEqual(1 - 1e-5);
      expect(ratio).toBeLessThanOrEqual(1.05);
    });
  });
});

describe('the seven objectives', () => {
  const Z = () =>
    tf.tensor2d([
      [3, 1, -2],
      [-1, -0.5, -4],
      [0.2, 0.1, 0.15],
      [-5, -6, -4.5],
    ]);
  const isClass = (t: number) => [...Z().argMax(1).dataSync()].map((label) => label === t);
  const f = (name: Objective, t: number) =>
    [...objective(name)(Z(), tf.fill([4], t, 'int32')).dataSync()].map((value) => value <= 1e-7);

  it.each(['f2', 'f3', 'f6', 'f7'] as const)(
    '%s is 0 or less just where the class is t',
    (name) => {
      for (const t of [0, 1, 2]) expect(f(name, t)).toEqual(isClass(t));
    },
  );

  it.each(['f1', 'f4', 'f5'] as const)('%s is so where t has half of the probability', (name) => {
    const probabilities = tf.softmax(Z()).arraySync() as number[][];
    for (const t of [0, 1, 2]) {
      expect(f(name, t)).toEqual(probabilities.map((row) => (row[t] as number) >= 0.5));
    }
  });

  it('f1 as printed falls where t gets less likely', () => {
    const [likely, unlikely] = objective('f1-printed')(
      tf.tensor2d([
        [2, 0],
        [0, 2],
      ]),
      tf.tensor1d([0, 0], 'int32'),
    ).dataSync();
    expect(unlikely).toBeLessThan(likely as number);
  });

  it('f5 as printed is the logarithm of a negative number, with a slope away from t', async () => {
    const model = linearModel([1, 1], 0.7);
    const options = { target: [0], objective: 'f5-printed', steps: 20, box: [-3, 3] } as const;
    const { success, loss } = await carliniWagner(model, tf.tensor2d([[0.5, 0.5]]), [1], options);
    expect(success).toEqual([false]);
    expect(loss.at(-1)).toEqual([Number.NaN]);
  });
});

describe('options', () => {
  const attack = (options: Parameters<typeof carliniWagner>[3]) =>
    carliniWagner(linearModel([1, 1], 0.7), tf.tensor2d([[0.5, 0.5]]), [1], options);

  it.each([
    [{ objective: 'f7' }, /expected targets for f7, got none/],
    [{ objective: 'f7', target: [0], kappa: 1 }, /expected kappa from 0, and 0 with any objective/],
    [{ kappa: -1 }, /expected kappa from 0/],
    [{ abortEarly: true }, /expected no abortEarly while c is steered/],
    [{ searches: 0 }, /whole number of searches/],
    [{ initialC: 0 }, /initialC above 0/],
    [{ steps: 0.5 }, /whole number of steps/],
    [{ lr: 0 }, /step size/],
    [{ starts: 0 }, /whole number of restarts, from 1, got 0/],
    [{ seed: 0.5 }, /whole number as seed, got 0.5/],
    [{ box: UNBOUNDED }, /box with bounds for the change of variables/],
  ] as const)('%o is refused', async (options, message) => {
    await expect(attack(options)).rejects.toThrow(message);
  });

  it('κ is a lead of the class in the logits', async () => {
    const model = linearModel([4, -3], 0.1);
    const x = tf.tensor2d([[0.2, 0.8]]);
    const { xAdv } = await carliniWagner(model, x, [0], { kappa: 1.5, steps: 100 });
    const [no, yes] = model.logits(xAdv).dataSync() as unknown as [number, number];
    expect(yes - no).toBeGreaterThanOrEqual(1.5);
    expect(yes - no).toBeLessThan(1.6);
  });

  it('the class without the lead κ is no success', async () => {
    const model = linearModel([4, -3], 0.1); // within the box the score is 4.1 at most
    const x = tf.tensor2d([[0.2, 0.8]]);
    const options = { kappa: 5, steps: 50 };
    for (const attack of [carliniWagner, carliniWagnerLinf, carliniWagnerL0]) {
      const { predicted, success } = await attack(model, x, [0], options);
      expect([predicted, success]).toEqual([[1], [false]]);
    }
  });

  it('in the max norm a descent goes on where the last one ended without an example', async () => {
    const model = linearModel([4, -3], 0.1);
    const x = tf.tensor2d([[0.2, 0.8]]); // its nearest example is 1.5 / 7 away
    const { success, norms } = await carliniWagnerLinf(model, x, [0], { steps: 10 });
    expect(success).toEqual([true]); // 10 steps alone lead 0.11 away
    expect(norms.linf[0]).toBeLessThan((1.1 * 1.5) / 7);
  });

  it('comes no farther, and misses no more, with more starts', async () => {
    const { model, x, y } = untrained(4);
    const runs: AttackResult[] = [];
    for (const starts of [1, 2, 3]) {
      runs.push(await carliniWagner(model, x, y, { starts, steps: 8, searches: 2, initialC: 5 }));
    }
    runs.slice(1).forEach(({ norms, success }, k) => {
      const fewer = runs[k] as AttackResult;
      success.forEach((isReached, i) => {
        expect(isReached || !fewer.success[i]).toBe(true);
        if (fewer.success[i]) {
          expect(norms.l2[i]).toBeLessThanOrEqual(fewer.norms.l2[i] as number);
        }
      });
    });
    expect(runs[2]?.norms.l2).not.toEqual(runs[0]?.norms.l2);
  });

  it.each(['black', 'white', 'noise'])('makes any class of a %s image', async (kind) => {
    const { model } = untrained();
    const blank = kind === 'black' ? tf.zeros([1, 28, 28, 1]) : tf.ones([1, 28, 28, 1]);
    const start = kind === 'noise' ? tf.randomUniform([1, 28, 28, 1], 0, 1, 'float32', 3) : blank;
    const x = tf.tile(start, [10, 1, 1, 1]);
    const target = [...Array(10).keys()];
    const y = target.map((label) => (label + 1) % 10); // any other class
    const { predicted } = await carliniWagner(model, x, y, { target, steps: 100, searches: 4 });
    expect(predicted).toEqual(target);
  });

  it('returns the losses and images of each step, one search after another', async () => {
    const model = linearModel([4, -3], 0.1);
    const x = tf.tensor2d([[0.2, 0.8]]);
    const result = await carliniWagner(model, x, [0], { steps: 7, searches: 2, record: true });
    expect(result.iterates?.length).toBe(16);
    expect(result.loss.length).toBe(17); // and the clean image
  });

  it('gives up a descent that has stopped falling', async () => {
    const model = linearModel([4, -3], 0.1);
    const x = tf.tensor2d([[0.2, 0.8]]);
    const options = {
      constant: 'searched',
      steps: 400,
      searches: 2,
      decay: 'none',
      lr: 0.01,
    } as const;
    const [whole, short] = [
      await carliniWagner(model, x, [0], options),
      await carliniWagner(model, x, [0], { ...options, abortEarly: true }),
    ];
    expect(short.backward[0]).toBeLessThan(whole.backward[0] as number);
    expect(short.success).toEqual([true]);
  });
});
