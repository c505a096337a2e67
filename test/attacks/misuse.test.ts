import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Classifier, type FgsmOptions, fgsm } from '../../src/attacks/index.js';
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

function nanGradient(): Classifier {
  const right = model();
  // The norm of z − z has a finite value, 0, and no gradient there.
  const zero = (z: tf.Tensor) => tf.sqrt(tf.sum(tf.square(tf.sub(z, z)), 1, true));
  return { ...right, logits: (x) => tf.add(right.logits(x), zero(right.logits(x))) };
}

const images = (fill: number, shape = [2, 28, 28, 1]): tf.Tensor => tf.fill(shape, fill);

interface Misuse {
  readonly name: string;
  readonly on?: () => Classifier;
  readonly x: () => tf.Tensor;
  readonly y?: readonly number[];
  readonly options?: FgsmOptions;
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
    options: { eps: 0.1, target: [0.5, 1] },
    says: /expected labels from 0 to 9, got 0.5/,
  },
  {
    name: 'eps in grey levels',
    x: () => images(0.5),
    options: { eps: 8 },
    says: /expected eps from 0 to 1, got 8/,
  },
  {
    name: 'a negative eps',
    x: () => images(0.5),
    options: { eps: -0.1 },
    says: /expected eps from 0 to 1, got -0.1/,
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

describe('fgsm refuses', () => {
  it.each(MISUSES)('$name', async ({ on = model, x, y = [3, 7], options = { eps: 0.1 }, says }) => {
    const run = fgsm(on(), x(), y, options);
    await expect(run).rejects.toThrow(says);
    await expect(run).rejects.toSatisfy((error) => error instanceof UserError && !!error.hint);
  });
});
