/** The architectures of notebook 01: softmax regression, logistic regression, a small ReLU net. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../attacks/index.js';
import { UserError } from '../errors.js';
import type { Random } from './random.js';

/** Trainable tensors by name, in a fixed order. */
export type Weights = { readonly [name: string]: tf.Tensor };

/** A network without its weights. */
export interface Architecture<W extends Weights = Weights> {
  /** Names the architecture exactly, sizes included: `mlp-240`, `logistic-784`. */
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Shape of each weight and how it starts, in order. */
  readonly layout: { readonly [name in keyof W]: WeightLayout };
  /** Z(x): [N, ...inputShape] to [N, classes]. */
  logits(weights: W, x: tf.Tensor): tf.Tensor2D;
}

export interface WeightLayout {
  readonly shape: readonly number[];
  /** `he`: normal, variance 2 / inputs; `glorot`: uniform, variance 2 / (inputs + outputs). */
  readonly start: 'he' | 'glorot' | 'zero';
}

/** An architecture with weights: a classifier whose parts can be looked at. */
export interface Model<W extends Weights = Weights> extends Classifier {
  readonly architecture: Architecture<W>;
  readonly weights: W;
}

export type SoftmaxWeights = { readonly w: tf.Tensor2D; readonly b: tf.Tensor1D };
/** One logit wᵀx + b: w [d], b a scalar. */
export type LinearWeights = { readonly w: tf.Tensor1D; readonly b: tf.Scalar };
export type MlpWeights = {
  readonly w1: tf.Tensor2D;
  readonly b1: tf.Tensor1D;
  readonly w2: tf.Tensor2D;
  readonly b2: tf.Tensor1D;
  readonly w3: tf.Tensor2D;
  readonly b3: tf.Tensor1D;
};

/** Softmax regression on digits of side × side pixels, 784 → 10: Z = Wᵀx + b, with w [784, 10] and
 *  b [10]. */
export function softmaxRegression(side = 28): Architecture<SoftmaxWeights> {
  const d = side * side;
  return {
    name: sized('softmax-reg', side),
    inputShape: [side, side, 1],
    classes: 10,
    layout: { w: { shape: [d, 10], start: 'glorot' }, b: { shape: [10], start: 'zero' } },
    logits: ({ w, b }, x) => tf.tidy(() => tf.add(tf.matMul(flat(x), w), b) as tf.Tensor2D),
  };
}

/** Logistic regression on d features, or on inputs of a shape: one logit z = wᵀx + b, given as the
 *  two logits [0, z], so that softmax and cross-entropy are the logistic ones. Class 1 is y = +1. */
export function logisticRegression(
  input: number | readonly number[],
  name?: string,
): Architecture<LinearWeights> {
  const inputShape = typeof input === 'number' ? [input] : input;
  const d = inputShape.reduce((product, size) => product * size, 1);
  return {
    name: name ?? `logistic-${inputShape.join('x')}`,
    inputShape,
    classes: 2,
    layout: { w: { shape: [d], start: 'glorot' }, b: { shape: [], start: 'zero' } },
    logits: ({ w, b }, x) =>
      tf.tidy(() => {
        const z = tf.add(tf.matMul(flat(x), tf.reshape(w, [d, 1])), b);
        return tf.concat([tf.zerosLike(z), z], 1) as tf.Tensor2D;
      }),
  };
}

/** Logistic regression on two kinds of digits, 784 → 1. */
export const logistic37: Architecture<LinearWeights> = logisticRegression([28, 28, 1], 'logreg-37');

/** Two hidden layers of 240 ReLU units on digits of side × side pixels: side² → 240 → 240 → 10. */
export function mlp240(side = 28): Architecture<MlpWeights> {
  return {
    name: sized('mlp-240', side),
    inputShape: [side, side, 1],
    classes: 10,
    layout: {
      w1: { shape: [side * side, 240], start: 'he' },
      b1: { shape: [240], start: 'zero' },
      w2: { shape: [240, 240], start: 'he' },
      b2: { shape: [240], start: 'zero' },
      w3: { shape: [240, 10], start: 'glorot' },
      b3: { shape: [10], start: 'zero' },
    },
    logits: ({ w1, b1, w2, b2, w3, b3 }, x) =>
      tf.tidy(() => {
        const h1 = tf.relu(tf.add(tf.matMul(flat(x), w1), b1)) as tf.Tensor2D;
        const h2 = tf.relu(tf.add(tf.matMul(h1, w2), b2)) as tf.Tensor2D;
        return tf.add(tf.matMul(h2, w3), b3) as tf.Tensor2D;
      }),
  };
}

/** A model of given weights. Throws UserError for a weight of another shape. */
export function modelOf<W extends Weights>(architecture: Architecture<W>, weights: W): Model<W> {
  for (const [name, { shape }] of Object.entries(architecture.layout)) {
    const got = weights[name]?.shape ?? 'none';
    if (String(got) !== String(shape)) {
      throw new UserError(
        `expected weight ${name} of ${architecture.name} to have shape [${shape}], got [${got}]`,
        { hint: 'Reshape it, or take another architecture.' },
      );
    }
  }
  const { name, inputShape, classes } = architecture;
  const logits = (x: tf.Tensor): tf.Tensor2D => architecture.logits(weights, x);
  return { name, inputShape, classes, architecture, weights, logits };
}

/** A linear model of plain numbers: two classes, z = wᵀx + b. */
export function linearModel(w: ArrayLike<number>, b: number): Model<LinearWeights> {
  const weights = { w: tf.tensor1d(Float32Array.from(w)), b: tf.scalar(b) };
  return modelOf(logisticRegression(w.length), weights);
}

/** Weights to start training from, drawn in the order of the layout. */
export function startWeights<W extends Weights>(architecture: Architecture<W>, draws: Random): W {
  const entries = Object.entries(architecture.layout as { [name: string]: WeightLayout });
  const start = ([name, layout]: [string, WeightLayout]) => [name, startWeight(layout, draws)];
  return Object.fromEntries(entries.map(start)) as W;
}

function startWeight({ shape, start }: WeightLayout, draws: Random): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const [inputs = 1, outputs = 1] = shape;
  if (start === 'zero') return tf.zeros([...shape]);
  const limit = Math.sqrt(6 / (inputs + outputs));
  const values =
    start === 'he'
      ? draws.normal(size, 0, Math.sqrt(2 / inputs))
      : draws.uniform(size, -limit, limit);
  return tf.tensor(values, [...shape]);
}

/** `mlp-240` on whole digits, `mlp-240-14x14` on smaller ones. */
function sized(name: string, side: number): string {
  return side === 28 ? name : `${name}-${side}x${side}`;
}

/** [N, …] to [N, features]. */
function flat(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [x.shape[0] as number, -1]) as tf.Tensor2D;
}
