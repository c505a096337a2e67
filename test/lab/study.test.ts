import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../../src/attacks/index.js';
import {
  dataset,
  errorFromDistances,
  errorOverEps,
  evaluateOverEps,
  firstOrder,
  linearModel,
  lossOf,
  marginOf,
  signGradient,
  signNoise,
  startEngine,
  walk,
} from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Logits (0, z) with z = 3x₁ − x₂. */
const model = () => linearModel([3, -1], 0);

describe('signNoise', () => {
  it('moves every pixel by eps, as far as the box lets it', () => {
    const x = tf.tensor2d([0.5, 0.5, 0.5, 0.5, 0.5, 1], [3, 2]);
    const moved = tf.sub(signNoise(x, 0.25, 1), x).dataSync();
    expect([...moved.slice(0, 5)].map(Math.abs)).toEqual([0.25, 0.25, 0.25, 0.25, 0.25]);
    expect([0, -0.25]).toContain(moved[5]);
  });
});

describe('signGradient', () => {
  it('points away from the label', async () => {
    const direction = await signGradient(
      model(),
      tf.tensor2d([0.2, 0.7, 0.9, 0.4], [2, 2]),
      [1, 0],
    );
    expect([...direction.dataSync()]).toEqual([-1, 1, 1, -1]);
  });
});

describe('errorOverEps', () => {
  it('measures each ε and keeps no tensor', async () => {
    const data = dataset('two', tf.tensor2d([1, 0, 0, 1], [2, 2]), [1, 0], 2);
    const fixed = model();
    const before = tf.memory().numTensors;
    const points = await errorOverEps(fixed, data, [0, 2], (eps) => tf.sub(data.x, eps));
    // z is 3 and −1 at first; 2 off both pixels makes −1 and −5: only the first is wrong.
    expect(points).toEqual([
      { x: 0, y: 0 },
      { x: 2, y: 0.5 },
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('evaluateOverEps', () => {
  it('gives error, loss and confidence of each ε', async () => {
    const data = dataset('two', tf.tensor2d([1, 0, 0, 1], [2, 2]), [1, 0], 2);
    const [clean, moved] = await evaluateOverEps(model(), data, [0, 2], (eps) =>
      tf.sub(data.x, eps),
    );
    expect([clean?.eps, clean?.error, moved?.eps, moved?.error]).toEqual([0, 0, 2, 0.5]);
    const losses = [Math.log1p(Math.exp(-3)), Math.log1p(Math.exp(-1))]; // z = 3 and −1
    expect(clean?.loss).toBeCloseTo(((losses[0] as number) + (losses[1] as number)) / 2, 6);
    const sure = 1 / (1 + Math.exp(-5)); // z = −5, the right one of z = −1 and −5
    expect(moved?.confidences[1]).toBeCloseTo(sure, 6);
  });
});

describe('errorFromDistances', () => {
  it('counts the images that fell within ε', () => {
    const success = [true, false, true, true];
    const points = errorFromDistances({ success }, [0.1, 0, 0.3, 0], [0, 0.1, 1]);
    expect(points).toEqual([
      { x: 0, y: 0.25 },
      { x: 0.1, y: 0.5 },
      { x: 1, y: 0.75 },
    ]);
  });
});

describe('marginOf', () => {
  it('is Z_y less the largest other logit, also where all are negative', () => {
    const negative: Classifier = {
      name: 'negative',
      inputShape: [1],
      classes: 3,
      logits: (x) => tf.tidy(() => tf.add(tf.mul(x, 0), [[-3, -1, -2]]) as tf.Tensor2D),
    };
    const x = tf.zeros([3, 1]);
    expect([...marginOf(negative, [0, 1, 2])(x).dataSync()]).toEqual([-2, 1, -1]);
  });
});

describe('firstOrder', () => {
  const x = () => tf.tensor2d([1, 0, 0, 1], [2, 2]);
  const eta = () => tf.tensor2d([0.1, 0.2, -0.3, 0.4], [2, 2]);

  it('is exact for the margin of a linear model', () => {
    const { predicted, actual } = firstOrder(marginOf(model(), [1, 0]), x(), eta());
    // Margins z and −z; the changes of z are 0.3 − 0.2 and −0.9 − 0.4.
    expect(predicted[0]).toBeCloseTo(0.1, 5);
    expect(predicted[1]).toBeCloseTo(1.3, 5);
    expect(actual[0]).toBeCloseTo(predicted[0] as number, 5);
    expect(actual[1]).toBeCloseTo(predicted[1] as number, 5);
  });

  it('is not exact for the loss, which bends', () => {
    const { predicted, actual } = firstOrder(lossOf(model(), [1, 0]), x(), eta());
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    const softplus = (z: number): number => Math.log1p(Math.exp(z));
    expect(predicted[0]).toBeCloseTo(-sigmoid(-3) * 0.1, 5);
    expect(actual[0]).toBeCloseTo(softplus(-3.1) - softplus(-3), 5);
    expect(predicted[1]).toBeCloseTo(sigmoid(-1) * -1.3, 5);
    expect(actual[1]).toBeCloseTo(softplus(-2.3) - softplus(-1), 5);
  });
});

describe('walk', () => {
  it('says whether the class changes on the way, and how straight the way is', async () => {
    const x = tf.tensor2d([1, 0, 1, 0], [2, 2]);
    const directions = tf.tensor2d([-1, 0, 1, 0], [2, 2]);
    const [away, along] = await walk(model(), x, [1, 1], directions, [0, 1, 2]);
    expect([away?.changes, along?.changes]).toEqual([true, false]);
    expect(away?.logits.map(([, z]) => z)).toEqual([3, 0, -3]);
    expect(away?.straightness).toBeCloseTo(1, 12);
  });
});
