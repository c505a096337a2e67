/** Linear models: softmax regression and logistic regression. */

import * as tf from '@tensorflow/tfjs-core';
import { flat } from '../../attacks/norm.js';
import {
  type Architecture,
  affine,
  layered,
  type Model,
  modelOf,
  sized,
  sizeOf,
} from './architecture.js';

export type SoftmaxWeights = { readonly w: tf.Tensor2D; readonly b: tf.Tensor1D };
/** One logit wᵀx + b: w [d], b a scalar. */
export type LinearWeights = { readonly w: tf.Tensor1D; readonly b: tf.Scalar };

/** Softmax regression on digits of side × side pixels, 784 → 10: Z = Wᵀx + b, with w [784, 10] and
 *  b [10]. */
export function softmaxRegression(side = 28): Architecture<SoftmaxWeights> {
  return layered<SoftmaxWeights>({
    name: sized('softmax-reg', side),
    inputShape: [side, side, 1],
    classes: 10,
    layout: {
      w: { shape: [side * side, 10], start: 'glorot' },
      b: { shape: [10], start: 'zero' },
    },
    layers: [{ name: 'Z', run: ({ w, b }, x) => affine(x, w, b) }],
  });
}

/** Logistic regression on d features, or on inputs of a shape: one logit z = wᵀx + b, given as the
 *  two logits [0, z], so that softmax and cross-entropy are the logistic ones. Class 1 is y = +1. */
export function logisticRegression(
  input: number | readonly number[],
  name?: string,
): Architecture<LinearWeights> {
  const inputShape = typeof input === 'number' ? [input] : input;
  const d = sizeOf(inputShape);
  return layered<LinearWeights>({
    name: name ?? `logistic-${inputShape.join('x')}`,
    inputShape,
    classes: 2,
    layout: { w: { shape: [d], start: 'glorot' }, b: { shape: [], start: 'zero' } },
    layers: [
      {
        name: 'Z',
        run: ({ w, b }, x) => {
          const z = tf.add(tf.matMul(flat(x), tf.reshape(w, [d, 1])), b);
          return tf.concat([tf.zerosLike(z), z], 1);
        },
      },
    ],
  });
}

/** Logistic regression on two kinds of digits, 784 → 1. */
export const logistic37: Architecture<LinearWeights> = logisticRegression([28, 28, 1], 'logreg-37');

/** A linear model of plain numbers: two classes, z = wᵀx + b. */
export function linearModel(w: ArrayLike<number>, b: number): Model<LinearWeights> {
  const weights = { w: tf.tensor1d(Float32Array.from(w)), b: tf.scalar(b) };
  return modelOf(logisticRegression(w.length), weights);
}
