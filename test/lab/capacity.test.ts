import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CapacityRow,
  capacityRow,
  type Dataset,
  dataset,
  fgsm,
  linearModel,
  type MeasuringAttack,
  madryCnn,
  mnist,
  modelOf,
  overScales,
  pgd,
  type RobustTraining,
  random,
  robustModel,
  robustObjective,
  smallestScale,
  startEngine,
  startWeights,
  successRate,
  transferRow,
} from '../../src/index.js';

const ATTACK: MeasuringAttack = { eps: 0.1, alpha: 0.02, steps: 8, seed: 1 };

const TRAINING: RobustTraining = {
  scale: 1,
  inner: 'natural',
  attack: { eps: 0.1, alpha: 0.05, steps: 3, ramp: 5 },
  epochs: 6,
  batchSize: 50,
  lr: 3e-3,
  seed: 1,
};

let digits: Dataset;
let test: Dataset;

beforeAll(async () => {
  await startEngine();
  process.env.MARGINALIA_CACHE = await mkdtemp(join(tmpdir(), 'capacity-'));
  const loaded = await mnist({ train: 1_000, test: 100 });
  [digits, test] = [loaded.train, loaded.test];
});

afterAll(() => {
  delete process.env.MARGINALIA_CACHE;
});

describe('the three trainings', () => {
  it('differ in the inner maximum alone', () => {
    const { attack } = TRAINING;
    const names = (['natural', 'fgsm', 'pgd'] as const).map(
      (inner) => robustObjective(inner, attack).name,
    );
    expect(names[0]).toBe('cross-entropy');
    expect(names[1]).toMatch(/alpha 0.1, steps 1, .*start at the image, ramp 5/);
    expect(names[2]).toMatch(/alpha 0.05, steps 3, .*random start, ramp 5/);
  });
});

describe('capacityRow', () => {
  it('measures each network as the attacks do, and keeps no tensor', async () => {
    const measured = async (inner: 'natural' | 'pgd'): Promise<CapacityRow> => {
      const model = await robustModel({ ...TRAINING, inner }, digits);
      const count = tf.memory().numTensors;
      const row = await capacityRow(model, { ...TRAINING, inner }, { shown, test }, ATTACK);
      expect(tf.memory().numTensors).toBe(count);
      return row;
    };
    const shown = digits.take(50);
    const [natural, robust] = [await measured('natural'), await measured('pgd')];
    expect(natural).toMatchObject({ scale: 1, parameters: 13_514, inner: 'natural', n: 100 });
    const model = await robustModel(TRAINING, digits);
    const one = await fgsm(model, test.x, test.y, { eps: 0.1 });
    const many = await pgd(model, test.x, test.y, { ...ATTACK, untilSuccess: false });
    expect(natural.fgsm.accuracy).toBeCloseTo(1 - successRate(one), 12);
    expect(natural.pgd.accuracy).toBeCloseTo(1 - successRate(many), 12);
    expect(natural.natural.accuracy).toBeGreaterThan(0.7);
    expect(natural.natural.loss).toBeLessThan(natural.fgsm.loss);
    expect(natural.fgsm.loss).toBeLessThan(natural.pgd.loss);
    expect(natural.collapsed).toBe(false);
    // Trained for it, the other one resists better.
    expect(robust.pgd.accuracy).toBeGreaterThan(natural.pgd.accuracy + 0.1);
    expect(robust.trainingLoss).toBeGreaterThan(natural.trainingLoss);
    expect(JSON.parse(JSON.stringify(robust))).toEqual(robust);
  });

  it('finds a network that gives one class to all, and labels that leak', async () => {
    const architecture = madryCnn(1);
    const weights = startWeights(architecture, random(1));
    const b4 = tf.tensor1d([0, 0, 0, 1e3, 0, 0, 0, 0, 0, 0]);
    const constant = modelOf(architecture, { ...weights, b4 });
    const row = await capacityRow(constant, TRAINING, { shown: digits.take(10), test }, ATTACK);
    const threes = [...test.y].filter((label) => label === 3).length;
    expect(row).toMatchObject({ oneClass: 1, collapsed: true, labelLeak: 0, wonByFgsm: 0 });
    expect(row.natural.accuracy).toBeCloseTo(threes / 100, 12);
    // With its gradient turned round, FGSM lowers J.
    const model = await robustModel(TRAINING, digits);
    const turned = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.neg(dy),
    }));
    const mirrored = { ...model, logits: (x: tf.Tensor) => model.logits(turned(x)) };
    const leaking = await capacityRow(mirrored, TRAINING, { shown: digits.take(10), test }, ATTACK);
    expect(leaking.labelLeak).toBeGreaterThan(0.02);
    expect(leaking.wonByFgsm).toBeGreaterThanOrEqual(leaking.labelLeak);
  });
});

describe('over the scales', () => {
  const row = (scale: number, seed: number, accuracy: number, inner: 'pgd' | 'fgsm' = 'pgd') =>
    ({ scale, seed, inner, pgd: { accuracy, loss: 1 } }) as CapacityRow;
  const rows = [row(4, 1, 0.8), row(1, 1, 0.2), row(1, 2, 0.4), row(2, 1, 0.9, 'fgsm')];
  const accuracy = (one: CapacityRow): number => one.pgd.accuracy;

  it('seeds give their mean, the lowest and the highest', () => {
    const [first, second] = overScales(rows, 'pgd', accuracy);
    expect(first?.x).toBe(1);
    expect(first?.y).toBeCloseTo(0.3, 12);
    expect([first?.low, first?.high]).toEqual([0.2, 0.4]);
    expect(second).toEqual({ x: 4, y: 0.8 });
  });

  it('the smallest that suffices is found, or none', () => {
    expect(smallestScale(rows, 'pgd', accuracy, 0.25)).toBe(1);
    expect(smallestScale(rows, 'pgd', accuracy, 0.5)).toBe(4);
    expect(smallestScale(rows, 'pgd', accuracy, 0.95)).toBe(null);
  });
});

describe('transferRow', () => {
  const two = () =>
    dataset(
      'two',
      tf.tensor2d([
        [0.6, 0.5],
        [0.5, 0.6],
      ]),
      [1, 0],
      2,
    );
  const attack = { eps: 0.2, alpha: 0.1, steps: 4, seed: 1 };

  it('from a model to itself is the attack; to one at right angles nothing', async () => {
    const [source, other] = [linearModel([1, -1], 0), linearModel([1, 1], -1)];
    const data = two();
    const self = await transferRow(source, source, data, attack);
    expect(self.fgsm).toEqual({ source: 1, target: 1 });
    expect(self.cosine.mean).toBeCloseTo(1, 6);
    const across = await transferRow(source, other, data, attack);
    // x₁ + x₂ − 1 is 0.1 before and after: class 1 for both.
    expect(across.fgsm).toEqual({ source: 1, target: 0.5 });
    expect(across.pgd).toEqual({ source: 1, target: 0.5 });
    expect(across.cosine.mean).toBeCloseTo(0, 6);
  });

  it('leaves no tensor behind', async () => {
    const [source, data] = [linearModel([1, -1], 0), two()];
    const count = tf.memory().numTensors;
    await transferRow(source, source, data, attack);
    expect(tf.memory().numTensors).toBe(count);
  });
});
