import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  apgd,
  apgdTargeted,
  bim,
  boundary,
  type Classifier,
  carliniWagner,
  carliniWagnerL0,
  carliniWagnerLinf,
  deepFool,
  fgsm,
  type Images,
  type Labels,
  lbfgs,
  miFgsm,
  pgd,
  rFgsm,
} from '../../src/attacks/index.js';
import { UserError } from '../../src/errors.js';
import { modelOf, random, softmaxRegression, startEngine } from '../../src/lab/index.js';
import { startWeights } from '../../src/lab/models.js';

beforeAll(async () => {
  await startEngine();
});

function model(): Classifier {
  return modelOf(softmaxRegression(), startWeights(softmaxRegression(), random(1)));
}

function probabilities(): Classifier {
  const right = model();
  return { ...right, logits: (x) => tf.softmax(right.logits(x)) };
}

function nanWeights(): Classifier {
  const right = model();
  return { ...right, logits: (x) => tf.mul(right.logits(x), Number.NaN) };
}

function nanGradient(): Classifier {
  const right = model();
  // The norm of z − z has a finite value, 0, and no gradient there.
  const zero = (z: tf.Tensor) => tf.sqrt(tf.sum(tf.square(tf.sub(z, z)), 1, true));
  return { ...right, logits: (x) => tf.add(right.logits(x), zero(right.logits(x))) };
}

const images = (fill: number, shape = [2, 28, 28, 1]): tf.Tensor => tf.fill(shape, fill);

type Attack = (
  model: Classifier,
  x: Images,
  y: Labels,
  options?: { target?: Labels; batchSize?: number },
) => Promise<unknown>;

const ATTACKS: readonly [name: string, attack: Attack][] = [
  ['fgsm', (m, x, y, o) => fgsm(m, x, y, { eps: 0.1, ...o })],
  ['rFgsm', (m, x, y, o) => rFgsm(m, x, y, { eps: 0.1, seed: 1, ...o })],
  ['bim', (m, x, y, o) => bim(m, x, y, { eps: 0.1, ...o })],
  ['miFgsm', (m, x, y, o) => miFgsm(m, x, y, { eps: 0.1, ...o })],
  ['pgd', (m, x, y, o) => pgd(m, x, y, { eps: 0.1, ...o })],
  ['apgd', (m, x, y, o) => apgd(m, x, y, { eps: 0.1, ...o })],
  ['apgdTargeted', (m, x, y, o) => apgdTargeted(m, x, y, { eps: 0.1, ...o })],
  ['deepFool', (m, x, y, o) => deepFool(m, x, y, o)],
  ['carliniWagner', (m, x, y, o) => carliniWagner(m, x, y, o)],
  ['carliniWagnerLinf', (m, x, y, o) => carliniWagnerLinf(m, x, y, o)],
  ['carliniWagnerL0', (m, x, y, o) => carliniWagnerL0(m, x, y, o)],
  ['lbfgs', (m, x, y, o) => lbfgs(m, x, y, o)],
];

interface Misuse {
  readonly name: string;
  readonly on?: () => Classifier;
  readonly x: () => tf.Tensor;
  /** Default: what the model says, so that every attack has work to do. */
  readonly y?: readonly number[];
  readonly options?: { target?: Labels; batchSize?: number };
  readonly says: RegExp;
}

const MISUSES: readonly Misuse[] = [
  {
    name: 'flat images',
    x: () => images(0.5, [2, 784]),
    says: /expected images of shape \[N, 28, 28, 1\], got \[2, 784\]/,
  },
  {
    name: 'one image without a batch',
    x: () => images(0.5, [28, 28, 1]),
    says: /expected images of shape \[N, 28, 28, 1\], got \[28, 28, 1\]/,
  },
  {
    name: 'no image',
    x: () => images(0.5, [0, 28, 28, 1]),
    y: [],
    says: /at least one image, got none/,
  },
  {
    name: '8-bit images',
    x: () => tf.fill([2, 28, 28, 1], 200, 'int32'),
    says: /expected float32 images, got int32/,
  },
  {
    name: 'pixels up to 255',
    x: () => images(255),
    says: /expected values in \[0, 1\], got values from 255 to 255/,
  },
  {
    name: 'NaN pixels',
    x: () => images(Number.NaN),
    says: /expected finite pixel values, got NaN/,
  },
  {
    name: 'a label out of range',
    x: () => images(0.5),
    y: [3, 10],
    says: /expected labels from 0 to 9, got 10 for image 1/,
  },
  {
    name: 'one-hot labels',
    x: () => images(0.5),
    y: [1, 0, 0, 1],
    says: /expected 2 labels, one per image, got 4/,
  },
  {
    name: 'a fractional target',
    x: () => images(0.5),
    options: { target: [0.5, 1] },
    says: /expected labels from 0 to 9, got 0.5/,
  },
  {
    name: 'batches of no image',
    x: () => images(0.5),
    options: { batchSize: 0 },
    says: /expected a whole number as batchSize, from 1, got 0/,
  },
  {
    name: 'NaN weights',
    on: nanWeights,
    x: () => images(0.5),
    says: /expected finite logits from softmax-reg, got NaN/,
  },
  {
    name: 'probabilities',
    on: probabilities,
    x: () => images(0.5),
    says: /expected logits from softmax-reg, got probabilities/,
  },
  {
    name: 'a NaN gradient',
    on: nanGradient,
    x: () => images(0.5),
    says: /expected a finite gradient from softmax-reg, got NaN/,
  },
];

describe.each(ATTACKS)('%s refuses', (_, attack) => {
  it.each(MISUSES)('$name', async ({ on = model, x, y, options, says }) => {
    const answer = tf.argMax(model().logits(images(0.5)), 1).dataSync();
    const run = attack(on(), x(), y ?? answer, options);
    await expect(run).rejects.toThrow(says);
    await expect(run).rejects.toSatisfy((error) => error instanceof UserError && !!error.hint);
  });
});

// It sees decisions alone: probabilities will do, and it asks for no gradient.
describe('boundary refuses', () => {
  const blind = MISUSES.filter(({ on }) => on === undefined || on === nanWeights);
  it.each(blind)('$name', async ({ on = model, x, y, options = {}, says }) => {
    const answer = tf.argMax(model().logits(images(0.5)), 1).dataSync();
    await expect(boundary(on(), x(), y ?? answer, options)).rejects.toThrow(says);
  });
});

const x = (): tf.Tensor => images(0.5);
const y = [3, 7];

it.each<[name: string, run: () => Promise<unknown>, says: RegExp]>([
  ['grey levels as eps', () => fgsm(model(), x(), y, { eps: 8 }), /eps from 0 to 1, got 8/],
  ['a negative eps', () => fgsm(model(), x(), y, { eps: -0.1 }), /eps from 0 to 1, got -0.1/],
  [
    'an infinite eps in L2',
    () => bim(model(), x(), y, { eps: Number.POSITIVE_INFINITY, norm: 'l2' }),
    /eps finite and at least 0, got Infinity/,
  ],
  ['no step', () => bim(model(), x(), y, { eps: 0.1, steps: 0 }), /steps, from 1, got 0/],
  ['a step of 0', () => bim(model(), x(), y, { eps: 0.1, alpha: 0 }), /alpha above 0, got 0/],
  ['a negative mu', () => miFgsm(model(), x(), y, { eps: 0.1, mu: -1 }), /mu from 0, got -1/],
  [
    'a random step beyond eps',
    () => rFgsm(model(), x(), y, { eps: 0.1, alpha: 0.2, seed: 1 }),
    /alpha from 0 to eps = 0.1, got 0.2/,
  ],
  [
    'a start outside the ball',
    () => pgd(model(), x(), y, { eps: 0.1, startRadius: 0.2 }),
    /startRadius from 0 to eps = 0.1, got 0.2/,
  ],
  ['no restart', () => pgd(model(), x(), y, { eps: 0.1, restarts: 0 }), /restarts, from 1, got 0/],
  [
    'a fractional seed',
    () => apgd(model(), x(), y, { eps: 0.1, seed: 0.5 }),
    /a whole number as seed, got 0.5/,
  ],
  [
    'a negative margin',
    () => pgd(model(), x(), y, { eps: 0.1, loss: { margin: -1 } }),
    /a margin from 0, got -1/,
  ],
  [
    'an endless ball in L1',
    () => pgd(model(), x(), y, { eps: Number.POSITIVE_INFINITY, norm: 'l1' }),
    /eps finite and at least 0, got Infinity/,
  ],
  [
    'a record of restarts that may never begin',
    () => pgd(model(), x(), y, { eps: 0.1, record: 'loss', untilSuccess: true }),
    /untilSuccess: false with record: 'loss', got true/,
  ],
  [
    'as many targets as classes',
    () => apgdTargeted(model(), x(), y, { eps: 0.1, targets: 10 }),
    /from 1 to 9 targets, got 10/,
  ],
  [
    'a negative overshoot',
    () => deepFool(model(), x(), y, { overshoot: -1 }),
    /an overshoot from 0, got -1/,
  ],
  [
    'one candidate',
    () => deepFool(model(), x(), y, { candidates: 1 }),
    /at least 2 candidates, got 1/,
  ],
  ['no search', () => lbfgs(model(), x(), y, { searches: 0 }), /searches, from 1, got 0/],
  ['a first c of 0', () => lbfgs(model(), x(), y, { initialC: 0 }), /initialC above 0, got 0/],
  [
    'three first constants of two images',
    () => carliniWagner(model(), x(), y, { initialC: [1, 1, 1] }),
    /initialC as one number, or as 2, one for each image, got 3/,
  ],
])('%s is refused', async (_, run, says) => {
  const refused = run();
  await expect(refused).rejects.toThrow(says);
  await expect(refused).rejects.toSatisfy((error) => error instanceof UserError && !!error.hint);
});
