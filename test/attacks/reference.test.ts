/** The attacks against values from PyTorch; `test/reference/attacks.py` makes them. */

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
import { distance, reference as read, referenceNet } from './reference-net.js';

const { settings, ...reference } = read('attacks');
const { eps, steps, alpha, mu, l2Eps, l2Alpha } = settings;

let model: Classifier;
let x: tf.Tensor;
let y: Int32Array;

beforeAll(async () => {
  await startEngine();
  ({ model, x, y } = referenceNet());
});

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
