/** The boundary attack, where the nearest adversarial point is known. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { boundary, type Classifier, UNBOUNDED } from '../../src/attacks/index.js';
import { linearModel, random, startEngine, uniformTensor } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

const D = 20;

/** A border through the middle of the box, ten points, their classes and distances to it. */
function flatBorder() {
  const w = random(2).normal(D);
  const x = uniformTensor([10, D], 3, 0.3, 0.7) as tf.Tensor2D;
  const b = -0.5 * w.reduce((sum, v) => sum + v, 0);
  const z = [...tf.dot(x, tf.tensor1d(w)).dataSync()].map((score) => score + b);
  const length = Math.hypot(...w);
  return {
    model: linearModel(w, b),
    x,
    y: z.map((v) => (v > 0 ? 1 : 0)),
    distances: z.map((v) => Math.abs(v) / length),
  };
}

/** The model, and how many images it has seen. */
function counted(model: Classifier): { model: Classifier; seen: () => number } {
  let seen = 0;
  const logits = (x: tf.Tensor): tf.Tensor2D => {
    seen += x.shape[0] as number;
    return model.logits(x);
  };
  return { model: { ...model, logits }, seen: () => seen };
}

describe('the boundary attack', () => {
  it('comes within 2 % of the nearest point of a flat border, seeing classes alone', async () => {
    const { model, x, y, distances } = flatBorder();
    const blind: Classifier = {
      ...model,
      logits: (at) => tf.tidy(() => tf.oneHot(tf.argMax(model.logits(at), 1), 2) as tf.Tensor2D),
    };
    const { norms, success, backward, loss } = await boundary(blind, x, y, { steps: 2000 });
    expect(success).toEqual(new Array(10).fill(true));
    norms.l2.forEach((size, i) => {
      expect(size).toBeGreaterThanOrEqual((distances[i] as number) - 1e-5);
      expect(size).toBeLessThan(1.02 * (distances[i] as number));
    });
    expect(backward).toEqual(new Array(10).fill(0));
    expect(loss).toEqual([]);
  });

  it('counts every image that the model sees', async () => {
    const { x, y, ...border } = flatBorder();
    const { model, seen } = counted(border.model);
    const { forward } = await boundary(model, x, y, { steps: 50, batchSize: 4 });
    expect(forward.reduce((sum, one) => sum + one, 0)).toBe(seen());
    // The clean image, at least one draw of noise, fifty steps, five points on the sphere, the re-test.
    for (const queries of forward) expect(queries).toBeGreaterThanOrEqual(1 + 1 + 50 + 5 + 1);
  });

  it('gets nearer with more steps, on the same way', async () => {
    const { model, x, y } = flatBorder();
    const sizes: (readonly number[])[] = [];
    for (const steps of [10, 100, 400]) {
      sizes.push((await boundary(model, x, y, { steps })).norms.l2);
    }
    for (let k = 1; k < sizes.length; k++) {
      sizes[k]?.forEach((size, i) => {
        expect(size).toBeLessThan(sizes[k - 1]?.[i] as number);
      });
    }
    const other = await boundary(model, x, y, { steps: 10, seed: 1 });
    expect(other.norms.l2).not.toEqual(sizes[0]);
  });

  it('begins at given points, also outside a box without bounds', async () => {
    const model = linearModel([3, -4], 0);
    const x = tf.tensor2d([[2, 1]]); // z = 2, at a distance of 0.4
    const start = tf.tensor2d([[-3, 2]]);
    const { norms, xAdv } = await boundary(model, x, [1], { steps: 600, start, box: UNBOUNDED });
    expect(norms.l2[0]).toBeGreaterThan(0.4 - 1e-5);
    expect(norms.l2[0]).toBeLessThan(0.4 * 1.01);
    const [a, b] = await xAdv.data();
    expect(a).toBeCloseTo(2 - 0.24, 1);
    expect(b).toBeCloseTo(1 + 0.32, 1);
  });

  it('walks straight where there is no way across: one feature', async () => {
    const x = tf.tensor2d([[0.7]]);
    const { norms } = await boundary(linearModel([1], -0.4), x, [1], { steps: 300 });
    expect(norms.l2[0]).toBeGreaterThan(0.3 - 1e-5);
    expect(norms.l2[0]).toBeLessThan(0.3 * 1.02);
  });

  it('walks to the target, not to the nearest class', async () => {
    // The class is the largest of three features; the nearest other class of (0.8, 0.7, 0.2) is 1.
    const model: Classifier = {
      name: 'largest',
      inputShape: [3],
      classes: 3,
      logits: (x) => tf.tidy(() => tf.mul(x, 3) as tf.Tensor2D),
    };
    const x = tf.tensor2d([[0.8, 0.7, 0.2]]);
    const { predicted, norms } = await boundary(model, x, [0], { steps: 800, target: [2] });
    expect(predicted).toEqual([2]);
    // The nearest point has all three at their mean, 17 / 30.
    expect(norms.l2[0]).toBeCloseTo(Math.hypot(0.8 - 17 / 30, 0.7 - 17 / 30, 0.2 - 17 / 30), 2);
  });

  it('leaves what is adversarial already, and what no noise makes so', async () => {
    const model = linearModel([1, 0], -5); // class 0 in the whole box
    const x = tf.tensor2d([
      [0.2, 0.7],
      [0.4, 0.1],
    ]);
    const count = tf.memory().numTensors;
    const { xAdv, success, firstSuccess, forward } = await boundary(model, x, [1, 0], { steps: 5 });
    expect([...(await xAdv.data())]).toEqual([...(await x.data())]);
    expect(success).toEqual([true, false]);
    expect(firstSuccess).toEqual([0, -1]);
    expect(forward).toEqual([2, 102]); // 100 draws in vain
    expect(tf.memory().numTensors).toBe(count + 1);
  });

  it('refuses starts that are not adversarial, and noise without bounds', async () => {
    const { model, x, y } = flatBorder();
    const count = tf.memory().numTensors;
    const same = boundary(model, x, y, { start: x, batchSize: 4 });
    await expect(same).rejects.toThrow(/adversarial starts, got one that is not for image 0/);
    const few = boundary(model, x, y, { start: tf.tidy(() => tf.slice(x, 0, 3)) });
    await expect(few).rejects.toThrow(/expected 10 starts, one per image, got 3/);
    await expect(boundary(model, x, y, { box: UNBOUNDED })).rejects.toThrow(/a box with bounds/);
    expect(tf.memory().numTensors).toBe(count + 1); // the slice
  });
});
