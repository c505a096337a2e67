import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fgsm, UNBOUNDED } from '../../src/attacks/index.js';
import {
  type Dataset,
  dataset,
  evaluate,
  fgsmMix,
  type LinearWeights,
  logisticRegression,
  type MlpWeights,
  meanCrossEntropy,
  mlp,
  type Objective,
  random,
  startEngine,
  type TrainedModel,
  type TrainOptions,
  trained,
  worstCaseTraining,
} from '../../src/lab/index.js';
import { type Bundle, redirectTo } from '../../src/lab/publish.js';

const D = 12;
let cache: string;
let steps = 0;

beforeAll(async () => {
  await startEngine();
});

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'trained-'));
  process.env.MARGINALIA_CACHE = cache;
  steps = 0;
});

afterAll(() => {
  delete process.env.MARGINALIA_CACHE;
});

/** Cross-entropy that counts how often it is asked: the number of training steps. */
const counted: Objective<LinearWeights> = {
  name: 'counted',
  loss: (model, x, y) => {
    steps++;
    return meanCrossEntropy.loss(model, x, y, x);
  },
};

/** Two clouds of points, apart along every feature. */
function clouds(): Dataset {
  const draws = random(11);
  const y = draws.signs(200);
  const noise = draws.normal(200 * D);
  const x = noise.map((value, i) => value + 0.7 * (y[Math.floor(i / D)] as number));
  return dataset(
    'clouds',
    tf.tensor2d(x, [200, D]),
    y.map((sign) => (sign > 0 ? 1 : 0)),
    2,
  );
}

const OPTIONS: TrainOptions<LinearWeights> = {
  epochs: 3,
  seed: 1,
  batchSize: 50,
  lr: 0.05,
  objective: counted,
};

function run(
  options: Partial<TrainOptions<LinearWeights>> = {},
): Promise<TrainedModel<LinearWeights>> {
  return trained(logisticRegression(D), clouds(), { ...OPTIONS, ...options });
}

async function contentFiles(): Promise<string[]> {
  const root = join(cache, 'trained', 'content-v2');
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
}

describe('trained', () => {
  it('trains once and remembers', async () => {
    const first = await run();
    expect(steps).toBe(12);
    const again = await run();
    expect(steps).toBe(12);
    expect(await again.weights.w.data()).toEqual(await first.weights.w.data());
    expect(again.epochLoss).toEqual(first.epochLoss);
    expect(again.weights.b.shape).toEqual([]);
  });

  it('keeps the weights on the way, also in the cache, and ends with the same weights', async () => {
    const plain = await run();
    for (const origin of ['trained', 'cached']) {
      const { snapshots = [], weights } = await run({ snapshotEvery: 4 }); // 3 epochs of 4 steps
      expect(
        snapshots.map(({ step }) => step),
        origin,
      ).toEqual([4, 8, 12]);
      expect(await weights.w.data()).toEqual(await plain.weights.w.data());
      expect(await snapshots[2]?.weights.w.data()).toEqual(await weights.w.data());
      const shorter = await run({ epochs: 1 });
      expect(await snapshots[0]?.weights.w.data()).toEqual(await shorter.weights.w.data());
    }
  });

  it('refuses snapshots that could not be kept', async () => {
    await expect(run({ snapshotEvery: 0.5 })).rejects.toThrow(
      'expected a whole number of steps from 1 as snapshotEvery, got 0.5',
    );
    const earlyStop = { validation: clouds(), eps: 0.1, patience: 1 };
    await expect(run({ snapshotEvery: 1, earlyStop })).rejects.toThrow('got both');
  });

  it('gives the same model from the same seed, and another from another', async () => {
    const first = await run();
    await rm(cache, { recursive: true });
    const again = await run();
    expect(steps).toBe(24);
    expect(await again.weights.w.data()).toEqual(await first.weights.w.data());
    const other = await run({ seed: 2 });
    expect(await other.weights.w.data()).not.toEqual(await first.weights.w.data());
  });

  it('trains anew for every option that matters', async () => {
    const { key } = await run();
    const keys = await Promise.all(
      [{ epochs: 2 }, { lr: 0.01 }, { batchSize: 20 }, { optimizer: 'sgd' as const }].map(
        async (options) => (await run(options)).key,
      ),
    );
    keys.push((await run({ objective: meanCrossEntropy })).key);
    keys.push((await trained(logisticRegression(D), clouds().take(100), OPTIONS)).key);
    expect(new Set([key, ...keys]).size).toBe(7);
  });

  it('trains again when what was kept is damaged, and keeps the new result', async () => {
    const first = await run();
    for (const file of await contentFiles()) {
      const bytes = await readFile(file);
      bytes[bytes.length - 2] = (bytes[bytes.length - 2] as number) ^ 0xff;
      await writeFile(file, bytes);
    }
    const again = await run();
    expect(steps).toBe(24);
    expect(await again.weights.w.data()).toEqual(await first.weights.w.data());
    await run();
    expect(steps).toBe(24);
  });

  it('names the training and its time, the same when it was kept', async () => {
    const sent: Bundle[] = [];
    const restore = redirectTo((bundle) => sent.push(bundle));
    const seed = { weights: 4, batches: 5, noise: 6 };
    const { key, seconds } = await run({ optimizer: 'sgd', momentum: 0.5, seed });
    await run({ optimizer: 'sgd', momentum: 0.5, seed });
    restore();
    const published = sent.map(({ metadata }) => metadata.marginalia);
    const [first, again] = published.filter(({ kind }) => kind === 'training');
    expect(first).toEqual({
      kind: 'training',
      key,
      model: 'logistic-12',
      data: 'clouds',
      examples: 200,
      settings: {
        loss: 'counted',
        epochs: '3',
        optimiser: 'sgd 0.05, momentum 0.5',
        batch: '50',
        seed: '4, 5, 6 (weights, batches, noise)',
      },
      seconds,
    });
    expect(seconds).toBeGreaterThan(0);
    expect(again).toEqual(first);
  });

  it('learns', async () => {
    const model = await run({ epochs: 20 });
    const { x, y } = clouds();
    expect((await evaluate(model, x, y)).error).toBeLessThan(0.05);
    expect(model.epochLoss.at(-1)).toBeLessThan(model.epochLoss[0] as number);
  });

  it('leaves only the weights in memory', async () => {
    const data = clouds();
    const count = tf.memory().numTensors;
    const model = await trained(logisticRegression(D), data, OPTIONS);
    expect(tf.memory().numTensors).toBe(count + 2);
    tf.dispose([model.weights.w, model.weights.b]);
    const kept = await trained(logisticRegression(D), data, OPTIONS);
    expect(tf.memory().numTensors).toBe(count + 2);
    tf.dispose([kept.weights.w, kept.weights.b]);
  });

  it('refuses data of another shape, and a loss that explodes', async () => {
    const run3 = trained(logisticRegression(3), clouds(), { epochs: 1, seed: 1 });
    await expect(run3).rejects.toThrow(/expected examples of shape \[3\] in 2 classes/);
    const nan: Objective<LinearWeights> = {
      name: 'nan',
      loss: (model) => tf.mul(tf.sum(model.weights.w), Number.NaN),
    };
    await expect(run({ objective: nan })).rejects.toThrow(/expected a finite loss .*got NaN/);
  });
});

describe('training with', () => {
  it('worst-case loss makes a linear model harder to attack', async () => {
    const { x, y } = clouds();
    const attacked = async (model: TrainedModel<LinearWeights>) => {
      const { loss } = await fgsm(model, x, y, { eps: 0.3, clip: false, box: UNBOUNDED });
      return (loss[1] as number[]).reduce((sum, one) => sum + one, 0);
    };
    const plain = await run({ epochs: 20, objective: meanCrossEntropy });
    const robust = await run({ epochs: 20, objective: worstCaseTraining(0.3) });
    const mixed = await run({
      epochs: 20,
      objective: fgsmMix({ eps: 0.3, alpha: 0, clip: false }),
    });
    expect(await attacked(robust)).toBeLessThan(await attacked(plain));
    // On a linear model, FGSM is the worst case: the two trainings are one.
    const [a, b] = [robust, mixed].map(({ weights }) => weights.w.dataSync());
    for (const [i, value] of (a as Float32Array).entries()) {
      expect(value).toBeCloseTo(b?.[i] as number, 4);
    }
  });

  it('column norms keeps them', async () => {
    const architecture = mlp(4, 2);
    const model = await trained(architecture, pixels(), { ...SMALL, maxColumnNorm: 0.5 });
    const norms = tf.sqrt(tf.sum(tf.square(model.weights.w1), 0)).dataSync();
    for (const norm of norms) expect(norm).toBeLessThanOrEqual(0.5 + 1e-6);
    const free = await trained(architecture, pixels(), SMALL);
    expect(Math.max(...tf.sqrt(tf.sum(tf.square(free.weights.w1), 0)).dataSync())).toBeGreaterThan(
      0.5,
    );
  });

  it('dropout depends on the seed of noise, and without it does not', async () => {
    const seeds = { weights: 1, batches: 2, noise: 3 };
    const w1 = async (options: Partial<TrainOptions<MlpWeights>>) => {
      const model = await trained(mlp(4, 2), pixels(), { ...SMALL, ...options });
      return model.weights.w1.data();
    };
    const other = { ...seeds, noise: 4 };
    expect(await w1({ seed: seeds })).toEqual(await w1({ seed: other }));
    const dropout = { input: 0.8, hidden: 0.5 };
    expect(await w1({ seed: seeds, dropout })).not.toEqual(await w1({ seed: other, dropout }));
    expect(await w1({ seed: seeds, dropout })).not.toEqual(await w1({ seed: seeds }));
  });

  it('early stopping gives the weights of the best epoch', async () => {
    const validation = pixels(77);
    const earlyStop = { validation, eps: 0.1, patience: 2, watch: 'clean' as const };
    const options = { ...SMALL, epochs: 30, lr: 0.05 };
    const model = await trained(mlp(4, 2), pixels(), { ...options, earlyStop });
    const { clean, adversarial, epoch } = model.validation as NonNullable<typeof model.validation>;
    expect(epoch).toBe(clean.indexOf(Math.min(...clean)) + 1);
    expect(model.epochLoss.length).toBe(epoch + 2);
    expect(clean.length).toBe(epoch + 2);
    expect((await evaluate(model, validation.x, validation.y)).error).toBe(clean[epoch - 1]);
    const { xAdv, success } = await fgsm(model, validation.x, validation.y, { eps: 0.1 });
    xAdv.dispose();
    expect(success.filter(Boolean).length / success.length).toBe(adversarial[epoch - 1]);
    const short = await trained(mlp(4, 2), pixels(), { ...options, epochs: epoch });
    expect(await model.weights.w1.data()).toEqual(await short.weights.w1.data());
    const kept = await trained(mlp(4, 2), pixels(), { ...options, earlyStop });
    expect(kept.validation).toEqual(model.validation);
  });

  it.each([
    [{ dropout: { hidden: 0 } }, /expected dropout.hidden above 0, at most 1, got 0/],
    [{ momentum: 0.5 }, /expected momentum with SGD only/],
    [{ epochs: 0.5 }, /whole number of epochs from 1, got 0.5/],
  ])('%o is refused', async (options, message) => {
    await expect(trained(mlp(4, 2), pixels(), { ...SMALL, ...options })).rejects.toThrow(message);
  });
});

const SMALL: TrainOptions<MlpWeights> = { epochs: 3, seed: 5, batchSize: 30, lr: 0.02 };

/** Images of 2 × 2 pixels in ten classes: the class is the brightness. */
function pixels(seed = 12): Dataset {
  const draws = random(seed);
  const y = draws.uniform(100, 0, 10).map(Math.floor);
  const x = draws.uniform(400).map((value, i) => {
    const brightness = (y[Math.floor(i / 4)] as number) / 10;
    return 0.8 * brightness + 0.2 * value;
  });
  return dataset('pixels', tf.tensor4d(x, [100, 2, 2, 1]), y, 10);
}

describe('a training that was killed', () => {
  /** Cross-entropy that fails at one step, like a process that is killed there. */
  let failAt = 0;
  const mix = fgsmMix({ eps: 0.1 });
  const fragile: Objective = {
    ...mix,
    loss: (...given) => {
      steps++;
      if (steps === failAt) throw new Error('killed');
      return mix.loss(...given);
    },
  };
  const validation = () => pixels(78);

  it.each<[string, () => Partial<TrainOptions<MlpWeights>>]>([
    ['Adam', () => ({})],
    [
      'momentum',
      () => ({ optimizer: 'sgd', momentum: { from: 0.5, to: 0.9, epochs: 3 }, lr: 0.1 }),
    ],
    [
      'dropout and column norms',
      () => ({ dropout: { input: 0.8, hidden: 0.5 }, maxColumnNorm: 1 }),
    ],
    ['early stopping', () => ({ earlyStop: { validation: validation(), eps: 0.1, patience: 3 } })],
    ['snapshots', () => ({ snapshotEvery: 5 })],
  ])('ends with the same bits: %s', async (_, extra) => {
    const options = { ...SMALL, ...extra(), objective: fragile, checkpointSeconds: 0 };
    failAt = 0;
    const whole = await trained(mlp(4, 2), pixels(), options);
    const all = steps; // 3 epochs of 4 steps
    for (const killedAt of [3, 5, 11]) {
      await rm(cache, { recursive: true });
      steps = 0;
      failAt = killedAt;
      await expect(trained(mlp(4, 2), pixels(), options)).rejects.toThrow('killed');
      failAt = 0;
      steps = 0;
      const again = await trained(mlp(4, 2), pixels(), options);
      expect(steps).toBe(all - (killedAt - 1));
      for (const [name, weight] of Object.entries(whole.weights)) {
        const same = again.weights[name as keyof MlpWeights];
        expect(await same.data()).toEqual(await weight.data());
      }
      expect(again.epochLoss).toEqual(whole.epochLoss);
      expect(again.validation).toEqual(whole.validation);
      expect(await numbersOf(again)).toEqual(await numbersOf(whole));
      expect(await unfinished()).toEqual([]);
    }
  });

  it('counts the time before the kill too', async () => {
    const slow: Objective = {
      ...fragile,
      loss: (...given) => {
        if (steps === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        return fragile.loss(...given);
      },
    };
    const options = { ...SMALL, objective: slow, checkpointSeconds: 0 };
    failAt = 6;
    await expect(trained(mlp(4, 2), pixels(), options)).rejects.toThrow('killed');
    const { seconds } = await trained(mlp(4, 2), pixels(), options);
    expect(seconds).toBeGreaterThan(0.3);
  });

  it('starts anew where its checkpoint cannot be read', async () => {
    const options = { ...SMALL, objective: fragile, checkpointSeconds: 0 };
    steps = 0;
    failAt = 6;
    await expect(trained(mlp(4, 2), pixels(), options)).rejects.toThrow('killed');
    failAt = 0;
    const [file] = await unfinished();
    const path = join(cache, 'trained', 'unfinished', file as string);
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    steps = 0;
    await trained(mlp(4, 2), pixels(), options);
    expect(steps).toBe(12);
  });

  it('keeps no checkpoint before its time, and no tensor', async () => {
    const data = pixels();
    const count = tf.memory().numTensors;
    steps = 0;
    failAt = 6;
    const options = { ...SMALL, objective: fragile };
    await expect(trained(mlp(4, 2), data, options)).rejects.toThrow('killed');
    expect(await unfinished()).toEqual([]);
    expect(tf.memory().numTensors).toBe(count);
  });

  async function numbersOf({ snapshots = [] }: TrainedModel<MlpWeights>): Promise<unknown[]> {
    return Promise.all(
      snapshots.map(async ({ step, weights }) => [step, await weights.w1.array()]),
    );
  }

  async function unfinished(): Promise<string[]> {
    return readdir(join(cache, 'trained', 'unfinished')).catch(() => []);
  }
});
