import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  childSeed,
  headOutput,
  maxout,
  mlp,
  modelOf,
  random,
  startEngine,
  startWeights,
} from '../../src/lab/index.js';
import { withDropout } from '../../src/lab/training/dropout.js';
import { bestEpoch, isOver } from '../../src/lab/training/early-stop.js';
import { limitColumnNorms, optimizerOf } from '../../src/lab/training/optimizer.js';
import { expectAdamAsInTensorFlowJs } from './adam-reference.js';

beforeAll(async () => {
  await startEngine();
});

describe('optimisers', () => {
  it('Adam goes where TensorFlow.js goes', expectAdamAsInTensorFlowJs);

  it('momentum adds up, and changes over the epochs', () => {
    const w = tf.variable(tf.tensor1d([1]));
    const momentum = { from: 0.5, to: 0.7, epochs: 2 };
    const optimizer = optimizerOf({ kind: 'sgd', lr: 0.1, momentum }, { w });
    const step = (g: number, epoch: number): number => {
      tf.tidy(() => optimizer.apply({ w: tf.tensor1d([g]) }, 1, epoch));
      return w.dataSync()[0] as number;
    };
    expect(step(1, 0)).toBeCloseTo(0.9, 6); // v = 1
    expect(step(2, 0)).toBeCloseTo(0.65, 6); // v = 0.5 + 2
    expect(step(0, 1)).toBeCloseTo(0.5, 6); // v = 0.6 · 2.5
    expect(step(0, 5)).toBeCloseTo(0.395, 6); // v = 0.7 · 1.5
  });

  it('plain SGD keeps no memory', () => {
    const w = tf.variable(tf.tensor1d([1]));
    const momentum = { from: 0, to: 0, epochs: 0 };
    const optimizer = optimizerOf({ kind: 'sgd', lr: 0.1, momentum }, { w });
    tf.tidy(() => optimizer.apply({ w: tf.tensor1d([3]) }, 1, 0));
    expect(w.dataSync()[0]).toBeCloseTo(0.7, 6);
    expect(optimizer.slots).toEqual({});
  });

  it('columns are shrunk to the norm, shorter ones and biases left', () => {
    const w1 = tf.variable(
      tf.tensor2d([
        [3, 0.3],
        [4, 0.4],
      ]),
    );
    const filters = tf.variable(tf.fill([2, 2, 1, 1], 3));
    const b1 = tf.variable(tf.tensor1d([9, 9]));
    tf.tidy(() => limitColumnNorms({ w1, w2: filters, b1 }, 2));
    const [a, b, c, d] = w1.dataSync();
    expect(a).toBeCloseTo(1.2, 6);
    expect(b).toBeCloseTo(0.3, 6);
    expect(c).toBeCloseTo(1.6, 6);
    expect(d).toBeCloseTo(0.4, 6);
    expect([...filters.dataSync()]).toEqual([1, 1, 1, 1]);
    expect([...b1.dataSync()]).toEqual([9, 9]);
  });
});

describe('dropout', () => {
  it('multiplies each unit with 0 or 1 / keep, anew in each pass', () => {
    const architecture = maxout(400, 2);
    const model = modelOf(architecture, startWeights(architecture, random(1)));
    const masked = withDropout(model, { hidden: 0.8 }, random(2));
    const x = tf.ones([3, 2, 2, 1]);
    const plain = headOutput(model, 'h1', x).dataSync();
    const ratios = [...headOutput(masked, 'h1', x).dataSync()].map(
      (value, i) => value / (plain[i] as number),
    );
    const kept = ratios.filter((ratio) => ratio !== 0);
    for (const ratio of kept) expect(ratio).toBeCloseTo(1.25, 5);
    expect(kept.length / ratios.length).toBeCloseTo(0.8, 1);
    const [first, second] = [masked.logits(x).dataSync(), masked.logits(x).dataSync()];
    expect(first).not.toEqual(second);
  });

  it('leaves out pixels of the input, never logits', () => {
    const architecture = mlp(3, 1);
    const zeros = Object.entries(architecture.layout).map(([name, { shape }]) => [
      name,
      tf.zeros([...shape]),
    ]);
    const weights = { ...Object.fromEntries(zeros), w1: tf.ones([1, 3]), b3: tf.ones([10]) };
    const masked = withDropout(modelOf(architecture, weights), { input: 0.5 }, random(2));
    const inputs = headOutput(masked, 'z1', tf.ones([200, 1, 1, 1])).dataSync();
    expect(new Set(inputs)).toEqual(new Set([0, 2]));
    expect(new Set(masked.logits(tf.ones([50, 1, 1, 1])).dataSync())).toEqual(new Set([1]));
  });

  it('draws masks with the right mean', () => {
    const mask = random(7).mask(100_000, 0.8);
    expect(mask.reduce((sum, value) => sum + value, 0) / mask.length).toBeCloseTo(1, 2);
    expect(new Set(mask)).toEqual(new Set([0, 1.25]));
  });
});

describe('seeds of parts', () => {
  it('repeat, and differ for another seed, path or order', () => {
    const seeds = [
      childSeed(1, 'a', 2),
      childSeed(2, 'a', 2),
      childSeed(1, 'a', 3),
      childSeed(1, 2, 'a'),
    ];
    expect(new Set(seeds).size).toBe(4);
    expect(childSeed(1, 'a', 2)).toBe(seeds[0]);
  });
});

describe('early stopping', () => {
  const record = { clean: [0.3, 0.1, 0.2, 0.2], adversarial: [0.9, 0.8, 0.8, 0.7] };

  it('takes the first best epoch of the error it watches', () => {
    expect(bestEpoch(record)).toBe(4);
    expect(bestEpoch(record, 'clean')).toBe(2);
    expect(bestEpoch({ clean: [0.2, 0.2], adversarial: [] }, 'clean')).toBe(1);
  });

  it('ends when patience is over', () => {
    const stop = { validation: undefined as never, eps: 0.1 };
    expect(isOver(record, { ...stop, patience: 1, watch: 'adversarial' })).toBe(false);
    expect(isOver(record, { ...stop, patience: 2, watch: 'clean' })).toBe(true);
    expect(isOver(record, { ...stop, patience: 3, watch: 'clean' })).toBe(false);
  });
});
