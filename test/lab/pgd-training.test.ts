import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  bim,
  crossEntropy,
  type Dataset,
  dataset,
  fgsm,
  linearModel,
  madryAttack,
  madryCnn,
  madryRecipe,
  mlp,
  modelOf,
  type Objective,
  type PgdTrainingOptions,
  PIXELS,
  pgdTraining,
  random,
  startEngine,
  startWeights,
  trained,
  UNBOUNDED,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

const ATTACK: PgdTrainingOptions = { eps: 0.3, alpha: 0.1, steps: 5 };

function net() {
  const architecture = madryCnn(1);
  return modelOf(architecture, startWeights(architecture, random(3)));
}

function digits(n = 12): Dataset {
  const draws = random(4);
  const x = tf.tensor(draws.uniform(n * 784), [n, 28, 28, 1]);
  return dataset('made up', x, draws.uniform(n, 0, 10).map(Math.floor), 10);
}

/** The images that are trained on. step: of the training. */
function prepared(options: PgdTrainingOptions, step?: number, seed = 1): tf.Tensor {
  const { x, y } = digits();
  const labels = tf.tensor1d(y, 'int32');
  const { prepare } = pgdTraining(options) as Required<Objective>;
  return prepare(net() as never, x, labels, random(seed), step);
}

const values = (tensor: tf.Tensor): Float32Array => tensor.dataSync() as Float32Array;
const largest = (tensor: tf.Tensor): number => tf.max(tf.abs(tensor)).dataSync()[0] as number;

describe('the images of PGD training', () => {
  it('from the image itself, in one step of size eps, are those of FGSM', async () => {
    const { x, y } = digits();
    const { xAdv } = await fgsm(net(), x, y, { eps: 0.3 });
    const made = prepared({ eps: 0.3, alpha: 0.3, steps: 1, randomStart: false });
    expect(values(made)).toEqual(values(xAdv));
  });

  it('from the image itself, in more steps, are the last of I-FGSM', async () => {
    const { x, y } = digits();
    const { iterates } = await bim(net(), x, y, { ...ATTACK, untilSuccess: false, record: true });
    const made = prepared({ ...ATTACK, randomStart: false });
    expect(largest(tf.sub(made, iterates?.at(-1) as tf.Tensor))).toBeLessThan(1e-6);
    expect(largest(tf.sub(made, iterates?.at(-2) as tf.Tensor))).toBeGreaterThan(0.01);
  });

  it('lie in ball and box, and depend on the draws of their step', () => {
    const made = prepared(ATTACK);
    expect(largest(tf.sub(made, digits().x))).toBeLessThanOrEqual(0.3 + 1e-6);
    expect(tf.min(made).dataSync()[0]).toBeGreaterThanOrEqual(0);
    expect(tf.max(made).dataSync()[0]).toBeLessThanOrEqual(1);
    expect(values(prepared(ATTACK))).toEqual(values(made));
    expect(values(prepared(ATTACK, undefined, 2))).not.toEqual(values(made));
  });

  it('are found in a ball that grows over the ramp', () => {
    const ramped = { ...ATTACK, ramp: 10 };
    const reach = (step?: number): number => largest(tf.sub(prepared(ramped, step), digits().x));
    expect(reach(1)).toBeCloseTo(0.03, 6);
    expect(reach(5)).toBeCloseTo(0.15, 6);
    for (const step of [10, 11, undefined]) expect(reach(step)).toBeCloseTo(0.3, 6);
    expect(values(prepared(ramped, 10))).toEqual(values(prepared(ATTACK)));
  });

  it('are of several restarts the worst, image by image', () => {
    const { x, y } = digits();
    const labels = tf.tensor1d(y, 'int32');
    const J = (images: tf.Tensor): Float32Array =>
      values(crossEntropy(net().logits(images), labels));
    const draws = random(1); // the objective draws its starts one after the other
    const { prepare } = pgdTraining(ATTACK) as Required<Objective>;
    const runs = [1, 2, 3].map(() => J(prepare(net() as never, x, labels, draws)));
    const best = [...y.keys()].map((i) => Math.max(...runs.map((run) => run[i] as number)));
    expect([...J(prepared({ ...ATTACK, restarts: 3 }))]).toEqual(best);
    expect(new Set(best.map((J0, i) => runs.findIndex((run) => run[i] === J0))).size).toBe(3);
  });

  it('on a linear model reach the corner that is worst', () => {
    const model = linearModel([0.4, -1.1, 0.7], 0.2);
    const x = tf.tensor2d([[0.1, 0.6, 0.9]]);
    const y = tf.tensor1d([1], 'int32');
    const objective = pgdTraining({ ...ATTACK, steps: 6, box: UNBOUNDED });
    const made = (objective.prepare as NonNullable<Objective['prepare']>)(
      model as never,
      x,
      y,
      random(1),
    );
    const corner = [0.1 - 0.3, 0.6 + 0.3, 0.9 - 0.3];
    for (const [i, value] of values(made).entries()) expect(value).toBeCloseTo(corner[i] as number);
    // ζ(ε‖w‖₁ − y(wᵀx + b)) with wᵀx + b = 0.21
    const loss = objective.loss(model as never, x, y, made).dataSync()[0];
    expect(loss).toBeCloseTo(Math.log1p(Math.exp(0.3 * 2.2 - 0.21)), 5);
  });

  it('are found where the model is sure of the class to 1 in float32', () => {
    const model = linearModel([40, -40], 0);
    const { prepare } = pgdTraining({ ...ATTACK, steps: 6 }) as Required<Objective>;
    const y = tf.tensor1d([1], 'int32');
    const made = prepare(model as never, tf.tensor2d([[0.9, 0.1]]), y, random(1));
    expect(values(made)[0]).toBeCloseTo(0.6, 6);
    expect(values(made)[1]).toBeCloseTo(0.4, 6);
  });

  it('leave no tensor behind', () => {
    const [model, { x, y }] = [net(), digits()];
    const labels = tf.tensor1d(y, 'int32');
    const objective = pgdTraining({ ...ATTACK, restarts: 2 }) as Required<Objective>;
    const count = tf.memory().numTensors;
    tf.tidy(() => {
      objective.prepare(model as never, x, labels, random(1)).dataSync();
    });
    expect(tf.memory().numTensors).toBe(count);
  });
});

describe('PGD training', () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'pgd-'));
    process.env.MARGINALIA_CACHE = cache;
  });

  afterAll(() => {
    delete process.env.MARGINALIA_CACHE;
  });

  it('that was killed ends with the same bits, in the ramp and after it', async () => {
    const objective = pgdTraining({ eps: 0.2, alpha: 0.1, steps: 3, ramp: 6 });
    let [steps, failAt] = [0, 0];
    const fragile: Objective = {
      ...objective,
      loss: (...given) => {
        steps++;
        if (steps === failAt) throw new Error('killed');
        return objective.loss(...given);
      },
    };
    const run = () =>
      trained(mlp(8, 28), digits(40), {
        epochs: 3,
        seed: 5,
        batchSize: 10,
        objective: fragile,
        dropout: { hidden: 0.5 },
        checkpointSeconds: 0,
      });
    const whole = await run();
    for (const killedAt of [3, 9]) {
      await rm(cache, { recursive: true });
      [steps, failAt] = [0, killedAt];
      await expect(run()).rejects.toThrow('killed');
      [steps, failAt] = [0, 0];
      const again = await run();
      expect(steps).toBe(12 - (killedAt - 1));
      expect(again.epochLoss).toEqual(whole.epochLoss);
      expect(await again.weights.w1.data()).toEqual(await whole.weights.w1.data());
    }
  });

  it('lowers the loss under attack, where natural training raises it', async () => {
    const data = brightness();
    const options = { epochs: 60, seed: 3, batchSize: 100, lr: 0.01 };
    const attack = { eps: 0.25, alpha: 0.1, steps: 5 };
    const attacked = async (model: Awaited<ReturnType<typeof trained>>): Promise<number> => {
      const { success } = await bim(model, data.x, data.y, { ...attack, untilSuccess: false });
      return success.filter(Boolean).length / success.length;
    };
    const natural = await attacked(await trained(mlp(12, 4) as never, data, options));
    const objective = pgdTraining({ ...attack, ramp: 60 });
    const robust = await attacked(
      await trained(mlp(12, 4) as never, data, { ...options, objective }),
    );
    expect(natural).toBeGreaterThan(0.5);
    expect(robust).toBeLessThan(0.1);
  });

  it('is another training for each of its options', () => {
    const other: Partial<PgdTrainingOptions>[] = [
      {},
      { eps: 0.2 },
      { alpha: 0.2 },
      { steps: 6 },
      { restarts: 2 },
      { randomStart: false },
      { ramp: 3 },
      { box: [0, 0.9] },
    ];
    const names = other.map((change) => pgdTraining({ ...ATTACK, ...change }).name);
    expect(new Set(names).size).toBe(other.length);
    expect(pgdTraining({ ...ATTACK, box: PIXELS }).name).toBe(names[0]);
  });

  it.each([
    [{ eps: 2 }, /expected eps from 0 to 1, got 2/],
    [{ alpha: 0 }, /expected a step size alpha above 0, got 0/],
    [{ steps: 0.5 }, /whole number of steps, from 1, got 0.5/],
    [{ restarts: 0 }, /whole number of restarts, from 1, got 0/],
    [{ ramp: -1 }, /expected a ramp of 0 steps or more, got -1/],
  ])('%o is refused', (change, message) => {
    expect(() => pgdTraining({ ...ATTACK, ...change })).toThrow(message);
  });

  it("has the paper's recipe: batches of 50, and an attack that can reach the border", () => {
    expect(madryRecipe).toEqual({ optimizer: 'adam', lr: 1e-4, batchSize: 50 });
    expect(madryAttack.steps * madryAttack.alpha).toBeGreaterThan(madryAttack.eps);
  });
});

/** Images of 4 × 4 pixels in two classes. Four pixels tell them apart by much, the others by less than
 *  the attack may move them: natural training leans on all of them. */
function brightness(): Dataset {
  const draws = random(12);
  const y = draws.uniform(200, 0, 2).map(Math.floor);
  const x = draws.uniform(200 * 16).map((value, i) => {
    const sign = (y[Math.floor(i / 16)] as number) === 1 ? 1 : -1;
    return i % 4 === 0 ? 0.5 + 0.4 * sign : 0.5 + 0.06 * sign + 0.04 * (value - 0.5);
  });
  return dataset('brightness', tf.tensor(x, [200, 4, 4, 1]), y, 10);
}
