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
  type LinearWeights,
  l1Decay,
  linearModel,
  logisticRegression,
  meanCrossEntropy,
  type Objective,
  random,
  startEngine,
  type TrainedModel,
  type TrainOptions,
  trained,
  worstCaseTraining,
} from '../../src/lab/index.js';

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
    return meanCrossEntropy.loss(model, x, y);
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

describe('objectives', () => {
  it('L1 decay adds the sizes of the weights', async () => {
    const model = linearModel([1, -2, 0.5], 10);
    const x = tf.tensor2d([[1, 0, 2]]);
    const y = tf.tensor1d([1], 'int32');
    const plain = await meanCrossEntropy.loss(model, x, y).data();
    const decayed = await l1Decay(0.1).loss(model, x, y).data();
    expect((decayed[0] as number) - (plain[0] as number)).toBeCloseTo(0.35, 6);
  });

  it('worst-case training makes a linear model harder to attack', async () => {
    const { x, y } = clouds();
    const attacked = async (model: TrainedModel<LinearWeights>) => {
      const { loss } = await fgsm(model, x, y, { eps: 0.3, clip: false, box: UNBOUNDED });
      return (loss[1] as number[]).reduce((sum, one) => sum + one, 0);
    };
    const plain = await run({ epochs: 20, objective: meanCrossEntropy });
    const robust = await run({ epochs: 20, objective: worstCaseTraining(0.3) });
    expect(await attacked(robust)).toBeLessThan(await attacked(plain));
  });
});
