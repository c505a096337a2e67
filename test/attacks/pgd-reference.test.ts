/** PGD and APGD against values from PyTorch; `test/reference/pgd.py` makes them. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkpoints } from '../../src/attacks/apgd-pace.js';
import {
  apgd,
  type Classifier,
  dlr,
  marginLoss,
  PIXELS,
  pgd,
  targetedDlr,
} from '../../src/attacks/index.js';
import { randomStart } from '../../src/attacks/random-start.js';
import { startEngine } from '../../src/lab/index.js';
import { distance, reference as read, referenceNet, tensor, type Values } from './reference-net.js';

const { settings, ...reference } = read('pgd');
const { steps, restarts, seed, balls, kappa, apgdSteps, dlrEps } = settings;
const target = Int32Array.from(reference.target.values as number[]);

let model: Classifier;
let x: tf.Tensor;
let y: Int32Array;

beforeAll(async () => {
  await startEngine();
  ({ model, x, y } = referenceNet());
});

/** The ends of one restart of all images. */
function endsOf(ends: readonly tf.Tensor[] | undefined, restart: number): tf.Tensor {
  return tf.concat((ends ?? []).map((one) => tf.slice(one, restart, 1)));
}

describe.each(['linf', 'l2', 'l1'] as const)('PyTorch gives the same in %s', (norm) => {
  it.each([0, 1])('start of restart %i, to 1e-6', async (restart) => {
    const climbs = Array.from(y, (_, image) => ({ image, restart }));
    const options = { norm, radius: balls[norm].eps, seed };
    const x0 = randomStart(x, climbs, options, PIXELS);
    expect(await distance(x0, reference[norm].starts[restart])).toBeLessThan(1e-6);
  });

  it('ends of two restarts of PGD, to 1e-5', async () => {
    const options = { ...balls[norm], norm, steps, restarts, seed, record: 'ends' } as const;
    const result = await pgd(model, x, y, options);
    for (const restart of [0, 1]) {
      const ends = endsOf(result.restarts?.ends, restart);
      expect(await distance(ends, reference[norm].ends[restart])).toBeLessThan(1e-5);
    }
  });
});

describe('PyTorch gives the same', () => {
  it('ends of PGD towards a target, to 1e-6', async () => {
    const options = { ...balls.linf, steps, seed, target, record: 'ends' } as const;
    const result = await pgd(model, x, y, options);
    expect(await distance(endsOf(result.restarts?.ends, 0), reference.towards)).toBeLessThan(1e-6);
  });

  it('ends of PGD on the margin loss, to 1e-6', async () => {
    const options = {
      ...balls.linf,
      steps,
      seed,
      loss: { margin: kappa },
      record: 'ends',
    } as const;
    const result = await pgd(model, x, y, options);
    expect(await distance(endsOf(result.restarts?.ends, 0), reference.cw)).toBeLessThan(1e-6);
  });

  const { Z, y: own, t } = reference.dlr;
  const classes = ({ values }: Values): tf.Tensor1D => tf.tensor1d(values, 'int32');

  it.each([
    ['untargeted', (z: tf.Tensor2D) => dlr(z, classes(own))],
    ['targeted', (z: tf.Tensor2D) => targetedDlr(z, classes(own), classes(t))],
    ['margin', (z: tf.Tensor2D) => marginLoss(kappa)(z, classes(own))],
  ] as const)('%s loss of logits and its gradient, to 1e-5', async (name, loss) => {
    const z = tensor(Z) as tf.Tensor2D;
    expect(await distance(loss(z), reference.dlr[name].value)).toBeLessThan(1e-5);
    const gradient = tf.grad((at) => tf.sum(loss(at as tf.Tensor2D)))(z);
    expect(await distance(gradient, reference.dlr[name].gradient)).toBeLessThan(1e-5);
  });

  it('checkpoints of 100 steps of APGD', () => {
    expect(checkpoints(100)).toEqual(settings.checkpoints);
  });

  it.each([
    ['apgdCe', 'linf', balls.linf.eps],
    ['apgdL2', 'l2', balls.l2.eps],
  ] as const)('losses of all steps and best point of APGD: %s', async (name, norm, eps) => {
    const options = { eps, norm, steps: apgdSteps, seed, untilSuccess: false };
    const result = await apgd(model, x, y, options);
    const losses = tf.transpose(tf.tensor2d(result.loss as number[][]));
    expect(await distance(losses, reference[name].loss)).toBeLessThan(1e-4);
    expect(await distance(result.xAdv, reference[name].top)).toBeLessThan(1e-5);
  });

  it('losses of APGD on the DLR until an image is fooled, to 1e-4', async () => {
    const options = { eps: dlrEps, steps: apgdSteps, seed, loss: 'dlr' } as const;
    const { loss, firstSuccess } = await apgd(model, x, y, options);
    const wanted = tensor(reference.apgdDlr.loss).arraySync() as number[][];
    const last = firstSuccess.map((t) => (t === -1 ? apgdSteps : t));
    expect(last.filter((t) => t === apgdSteps).length).toBeGreaterThan(4);
    last.forEach((end, i) => {
      for (let t = 0; t <= end; t++) {
        const difference = (loss[t]?.[i] as number) - (wanted[i]?.[t] as number);
        expect(Math.abs(difference)).toBeLessThan(1e-4);
      }
    });
  });
});
