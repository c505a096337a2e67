import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  classesAt,
  type Dataset,
  dataset,
  distilled,
  evaluate,
  linearModel,
  mlp,
  modelOf,
  type Objective,
  random,
  softLabels,
  softmaxAt,
  startEngine,
  startWeights,
  trained,
} from '../../src/index.js';
import { type Bundle, redirectTo } from '../../src/lab/publish.js';

beforeAll(async () => {
  await startEngine();
  process.env.MARGINALIA_CACHE = await mkdtemp(join(tmpdir(), 'distilled-'));
});

afterAll(() => {
  delete process.env.MARGINALIA_CACHE;
});

const X = [
  [0.1, 0.6, 0.9],
  [0.8, 0.3, 0.2],
];
const Y = [1, 0];

const lossOf = (objective: Objective, model: ReturnType<typeof linearModel>): number =>
  tf.tidy(() => {
    const [x, y] = [tf.tensor2d(X), tf.tensor1d(Y, 'int32')];
    const prepared = objective.prepare?.(model, x, y, random(1)) ?? x;
    return objective.loss(model, x, y, prepared).dataSync()[0] as number;
  });

describe('softmax at a temperature', () => {
  it('divides the logits by it', () => {
    const F = softmaxAt(tf.tensor2d([[3, 0, -3]]), 3).arraySync()[0] as number[];
    const total = Math.E + 1 + 1 / Math.E;
    for (const [i, power] of [1, 0, -1].entries()) {
      expect(F[i]).toBeCloseTo(Math.exp(power) / total, 6);
    }
  });
});

describe('training on classes at a temperature', () => {
  it('is the cross-entropy of logits T times smaller', () => {
    const small = lossOf(classesAt(1), linearModel([0.4, -1.1, 0.7], 0.2));
    const large = lossOf(classesAt(20), linearModel([8, -22, 14], 4));
    expect(large).toBeCloseTo(small, 6);
    // wᵀx + b is 0.21 for class 1, and 0.33 for class 0.
    const expected = (Math.log1p(Math.exp(-0.21)) + Math.log1p(Math.exp(0.33))) / 2;
    expect(small).toBeCloseTo(expected, 6);
  });
});

describe('training on soft labels', () => {
  const teacher = () => ({ ...linearModel([8, -22, 14], 4), key: 'of a teacher' });

  it('costs the entropy of the labels where the student is the teacher, and more elsewhere', () => {
    const objective = softLabels(teacher(), 20);
    const entropies = [0.21, 0.33].map((z) => {
      const p = 1 / (1 + Math.exp(-z));
      return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    });
    const lowest = ((entropies[0] as number) + (entropies[1] as number)) / 2;
    expect(lossOf(objective, teacher())).toBeCloseTo(lowest, 6);
    expect(lossOf(objective, linearModel([9, -22, 14], 4))).toBeGreaterThan(lowest);
    expect(lossOf(objective, linearModel([7, -22, 14], 4))).toBeGreaterThan(lowest);
  });

  it('has another name for another teacher and another temperature', () => {
    const names = [
      softLabels(teacher(), 20),
      softLabels({ ...teacher(), key: 'of another' }, 20),
      softLabels(teacher(), 10),
    ].map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the temperature %d', (T) => {
    expect(() => softLabels(teacher(), T)).toThrow(`expected a temperature above 0, got ${T}`);
    expect(() => classesAt(T)).toThrow('expected a temperature above 0');
  });
});

describe('distilled', () => {
  const OPTIONS = { epochs: 60, seed: 7, batchSize: 50, lr: 0.03 };

  it('gives a student that keeps its logits, about T times those of plain training', async () => {
    const data = brightness();
    const plain = await trained(mlp(8, 4), data, { ...OPTIONS, objective: classesAt(1) });
    const { teacher, student } = await distilled(mlp(8, 4), data, OPTIONS, 20);
    const size = (model: typeof plain): number =>
      tf.mean(tf.abs(model.logits(data.x))).dataSync()[0] as number;
    expect((await evaluate(student, data.x, data.y)).error).toBeLessThan(0.05);
    expect(size(student) / size(plain)).toBeGreaterThan(4);
    // What it learned are the labels of the teacher, not the classes.
    const apart = tf.sub(
      softmaxAt(student.logits(data.x), 20),
      softmaxAt(teacher.logits(data.x), 20),
    );
    expect(tf.mean(tf.abs(apart)).dataSync()[0]).toBeLessThan(0.03);
  });

  it('starts teacher and student from the same weights', async () => {
    const still = { epochs: 1, seed: 7, optimizer: 'sgd', lr: 0 } as const;
    const { teacher, student } = await distilled(mlp(8, 4), brightness(), still, 20);
    expect(await student.weights.w1.data()).toEqual(await teacher.weights.w1.data());
    const other = modelOf(mlp(8, 4), startWeights(mlp(8, 4), random(1)));
    expect(await other.weights.w1.data()).not.toEqual(await teacher.weights.w1.data());
    expect(student.key).not.toBe(teacher.key);
  });

  it('remembers both, and names both in the colophon', async () => {
    const first = await distilled(mlp(8, 4), brightness(), OPTIONS, 20);
    const sent: Bundle[] = [];
    const restore = redirectTo((bundle) => sent.push(bundle));
    const again = await distilled(mlp(8, 4), brightness(), OPTIONS, 20);
    restore();
    expect(again.student.seconds).toBe(first.student.seconds);
    expect(await again.student.weights.w1.data()).toEqual(await first.student.weights.w1.data());
    const losses = sent.map(({ metadata }) => {
      const { marginalia } = metadata;
      return marginalia.kind === 'training' ? marginalia.settings.loss : '';
    });
    expect(losses).toEqual([
      'cross-entropy at temperature 20',
      `cross-entropy with the labels of mlp-8-4x4 ${first.teacher.key.slice(0, 16)}, at temperature 20`,
    ]);
  });
});

/** Images of 4 × 4 pixels, dark or bright, with noise. */
function brightness(): Dataset {
  const draws = random(12);
  const y = draws.uniform(200, 0, 2).map(Math.floor);
  const x = draws.uniform(200 * 16).map((value, i) => {
    return 0.5 * value + ((y[Math.floor(i / 16)] as number) === 1 ? 0.5 : 0);
  });
  return dataset('brightness', tf.tensor(x, [200, 4, 4, 1]), y, 10);
}
