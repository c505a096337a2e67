/** The attacks against values from PyTorch; `test/reference/attacks.py` makes them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AttackResult,
  bim,
  type Classifier,
  deepFool,
  fgsm,
  lossGradient,
  miFgsm,
  UNBOUNDED,
} from '../../src/attacks/index.js';
import { quantile, startEngine } from '../../src/lab/index.js';

interface Values {
  readonly shape: number[];
  readonly values: number[];
}

const FILE = join(import.meta.dirname, '..', 'reference', 'attacks.json');
const { settings, weights, ...reference } = JSON.parse(readFileSync(FILE, 'utf8'));
const { eps, steps, alpha, mu, l2Eps, l2Alpha } = settings;

let model: Classifier;
let x: tf.Tensor;
let y: Int32Array;

beforeAll(async () => {
  await startEngine();
  const w = (name: string): tf.Tensor => tensor(weights[name]);
  const [k, kb, w1, b1, w2, b2] = ['k', 'kb', 'w1', 'b1', 'w2', 'b2'].map(w) as tf.Tensor[];
  model = {
    name: 'reference',
    inputShape: [6, 6, 1],
    classes: 5,
    logits: (images) =>
      tf.tidy(() => {
        const maps = tf.conv2d(images as tf.Tensor4D, k as tf.Tensor4D, 1, 'same');
        const h = tf.reshape(tf.relu(tf.add(maps, kb as tf.Tensor)), [
          images.shape[0] as number,
          -1,
        ]);
        const h1 = tf.relu(tf.add(tf.matMul(h, w1 as tf.Tensor), b1 as tf.Tensor));
        return tf.add(tf.matMul(h1, w2 as tf.Tensor), b2 as tf.Tensor) as tf.Tensor2D;
      }),
  };
  x = tensor(reference.x);
  y = Int32Array.from(reference.y.values);
});

function tensor({ shape, values }: Values): tf.Tensor {
  return tf.tensor(values, shape, 'float32');
}

/** The largest difference between two tensors. */
async function distance(a: tf.Tensor, b: Values): Promise<number> {
  return (await tf.max(tf.abs(tf.sub(a, tensor(b)))).data())[0] as number;
}

/** The images after the last step. */
function last({ iterates }: AttackResult): tf.Tensor {
  return iterates?.at(-1) as tf.Tensor;
}

describe('PyTorch gives the same', () => {
  it('logits and input gradients, to 1e-5', async () => {
    const { Z, gradient } = lossGradient(model, x, tf.tensor1d(y, 'int32'));
    expect(await distance(Z, reference.logits)).toBeLessThan(1e-5);
    expect(await distance(gradient, reference.gradient)).toBeLessThan(1e-5);
  });

  it('FGSM images, to 1e-6', async () => {
    const { xAdv } = await fgsm(model, x, y, { eps });
    expect(await distance(xAdv, reference.fgsm)).toBeLessThan(1e-6);
  });

  it('fast gradient images in L2, to 1e-5', async () => {
    const { xAdv } = await fgsm(model, x, y, { eps: l2Eps, norm: 'l2' });
    expect(await distance(xAdv, reference.fgm)).toBeLessThan(1e-5);
  });

  const all = { untilSuccess: false, record: true };

  it('I-FGSM images after the last step, to 1e-6', async () => {
    const result = await bim(model, x, y, { eps, alpha, steps, ...all });
    expect(await distance(last(result), reference.bim)).toBeLessThan(1e-6);
    const target = Int32Array.from(reference.target.values as number[]);
    const towards = await bim(model, x, y, { eps, alpha, steps, target, ...all });
    expect(await distance(last(towards), reference.bimTargeted)).toBeLessThan(1e-6);
  });

  it('I-FGSM images in L2 after the last step, to 1e-5', async () => {
    const result = await bim(model, x, y, {
      eps: l2Eps,
      alpha: l2Alpha,
      steps,
      norm: 'l2',
      ...all,
    });
    expect(await distance(last(result), reference.bimL2)).toBeLessThan(1e-5);
  });

  it('MI-FGSM images after the last step, to 1e-6', async () => {
    const result = await miFgsm(model, x, y, { eps, alpha, steps, mu, ...all });
    expect(await distance(last(result), reference.miFgsm)).toBeLessThan(1e-6);
  });

  it.each([
    ['l2', 'deepFoolL2'],
    ['linf', 'deepFoolLinf'],
  ] as const)(
    'DeepFool distances in %s, to 1e-4 each and 2 %% in the median',
    async (norm, name) => {
      const { norms, success } = await deepFool(model, x, y, { norm, box: UNBOUNDED });
      expect(success).toEqual(success.map(() => true));
      norms[norm].forEach((size, i) => {
        expect(Math.abs(size - reference[name].values[i])).toBeLessThan(1e-4);
      });
      const ratio = quantile(norms[norm], 0.5) / quantile(reference[name].values, 0.5);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
    },
  );
});
