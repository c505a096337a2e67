import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AttackResult, type Classifier, fgsm, successRate } from '../../src/attacks/index.js';
import {
  type Architecture,
  mlp240,
  modelOf,
  random,
  type SoftmaxWeights,
  softmaxRegression,
  startEngine,
  uniformTensor,
  type Weights,
} from '../../src/lab/index.js';
import { startWeights } from '../../src/lab/models.js';

beforeAll(async () => {
  await startEngine();
});

const N = 24;
const EPS = 0.1;

function started<W extends Weights>(architecture: Architecture<W>): Classifier {
  return modelOf(architecture, startWeights(architecture, random(3)));
}

function setting(architecture: 'linear' | 'mlp' = 'mlp') {
  const model = architecture === 'mlp' ? started(mlp240()) : started(softmaxRegression());
  const x = uniformTensor([N, 28, 28, 1], 5);
  const y = Int32Array.from(random(6).uniform(N, 0, 10));
  return { model, x, y };
}

async function distance(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  return (await tf.max(tf.abs(tf.sub(a, b))).data())[0] as number;
}

describe('fgsm', () => {
  it('stays in the box and in the ball, in the shape of x', async () => {
    const { model, x, y } = setting();
    const { xAdv, norms } = await fgsm(model, x, y, { eps: EPS });
    expect(xAdv.shape).toEqual(x.shape);
    expect((await tf.min(xAdv).data())[0]).toBeGreaterThanOrEqual(0);
    expect((await tf.max(xAdv).data())[0]).toBeLessThanOrEqual(1);
    expect(Math.max(...norms.linf)).toBeLessThanOrEqual(EPS + 1e-6);
  });

  it('moves every pixel by ε without clipping', async () => {
    const { model, x, y } = setting();
    const { norms } = await fgsm(model, x, y, { eps: EPS, clip: false });
    for (let i = 0; i < N; i++) {
      const moved = norms.l0[i] as number;
      expect(norms.linf[i]).toBeCloseTo(EPS, 5);
      expect(norms.l1[i]).toBeCloseTo(EPS * moved, 2);
      expect(norms.l2[i]).toBeCloseTo(EPS * Math.sqrt(moved), 3);
    }
  });

  it('is the identity at ε = 0', async () => {
    const { model, x, y } = setting();
    const { xAdv, norms } = await fgsm(model, x, y, { eps: 0 });
    expect(await distance(xAdv, x)).toBe(0);
    expect(norms.l0).toEqual(new Array(N).fill(0));
  });

  it('gives the same images again', async () => {
    const { model, x, y } = setting();
    const [a, b] = [await fgsm(model, x, y, { eps: EPS }), await fgsm(model, x, y, { eps: EPS })];
    expect(await distance(a.xAdv, b.xAdv)).toBe(0);
  });

  it('leaves its inputs as they were and no tensor but the result', async () => {
    const { model, x, y } = setting();
    const before = await x.data();
    const labels = tf.tensor1d(y, 'int32');
    const count = tf.memory().numTensors;
    const { xAdv } = await fgsm(model, x, labels, { eps: EPS, batchSize: 7, target: y });
    expect(tf.memory().numTensors).toBe(count + 1);
    expect(await x.data()).toEqual(before);
    expect(await labels.data()).toEqual(y);
    xAdv.dispose();
  });

  it('leaves no tensor behind when it fails', async () => {
    const { x, y } = setting();
    const broken = tf.fill([784, 10], Number.NaN) as tf.Tensor2D;
    const model = modelOf<SoftmaxWeights>(softmaxRegression(), { w: broken, b: tf.zeros([10]) });
    const count = tf.memory().numTensors;
    await expect(fgsm(model, x, y, { eps: EPS })).rejects.toThrow(/finite logits/);
    expect(tf.memory().numTensors).toBe(count);
  });

  it('treats an image alike, alone or among others', async () => {
    const { model, x, y } = setting();
    const together = await fgsm(model, x, y, { eps: EPS });
    const parts = await fgsm(model, x, y, { eps: EPS, batchSize: 1 });
    expect(await distance(together.xAdv, parts.xAdv)).toBeLessThan(1e-6);
    expect(parts.success).toEqual(together.success);
    expect(parts.firstSuccess).toEqual(together.firstSuccess);
  });

  it('raises the loss of a linear model, or with a target lowers the loss towards it', async () => {
    const { model, x, y } = setting('linear');
    const target = y.map((label) => (label + 1) % 10);
    const away = await fgsm(model, x, y, { eps: EPS, clip: false });
    const towards = await fgsm(model, x, y, { eps: EPS, clip: false, target });
    for (let i = 0; i < N; i++) {
      expect(away.loss[1]?.[i]).toBeGreaterThan(away.loss[0]?.[i] as number);
      expect(towards.loss[1]?.[i]).toBeLessThan(towards.loss[0]?.[i] as number);
    }
    expect(towards.success).toEqual(towards.predicted.map((label, i) => label === target[i]));
  });

  it('counts success on the images it returns', async () => {
    const { model, x, y } = setting();
    const result = await fgsm(model, x, y, { eps: EPS });
    const logits = await tf.argMax(model.logits(result.xAdv), 1).data();
    expect(result.predicted).toEqual([...logits]);
    expect(result.success).toEqual(result.predicted.map((label, i) => label !== y[i]));
    expect(successRate(result)).toBe(result.success.filter(Boolean).length / N);
    expect(firstSteps(result)).toEqual(new Set([0, 1]));
    expect(result.forward).toEqual(new Array(N).fill(2));
    expect(result.backward).toEqual(new Array(N).fill(1));
  });

  it('moves an image that the model is sure about, and the right way', async () => {
    // Z_0 = 30 and Z_j = 0 at x = 0.5: 1 − p_0 is 0 in float32, and with it the gradient of the
    // usual loss. All weights of class 0 are positive, so every pixel must fall.
    const w = tf.tidy(() => tf.mul(tf.oneHot(tf.zeros([784], 'int32'), 10), 30 / 392));
    const model = modelOf<SoftmaxWeights>(softmaxRegression(), {
      w: w as tf.Tensor2D,
      b: tf.zeros([10]),
    });
    const { xAdv, loss } = await fgsm(model, tf.fill([1, 28, 28, 1], 0.5), [0], { eps: EPS });
    expect(await distance(xAdv, tf.fill([1, 28, 28, 1], 0.4))).toBeLessThan(1e-6);
    expect(loss[0]?.[0]).toBeCloseTo(9 * Math.exp(-30), 16);
  });
});

function firstSteps(result: AttackResult): Set<number> {
  return new Set(result.firstSuccess);
}
