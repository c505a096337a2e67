/** What training lowers. */

import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, type LinearParameters, worstCaseLogistic } from '../attacks/index.js';
import type { LinearWeights, Model, Weights } from './models.js';

/** A loss of a model on one batch. */
export interface Objective<W extends Weights = Weights> {
  /** Names the loss and its numbers exactly: trained models are kept under it. */
  readonly name: string;
  /** Mean over the batch. x: [N, …]; y: [N], int32. */
  loss(model: Model<W>, x: tf.Tensor, y: tf.Tensor1D): tf.Scalar;
}

/** Cross-entropy. */
export const meanCrossEntropy: Objective = {
  name: 'cross-entropy',
  loss: (model, x, y) => tf.mean(crossEntropy(model.logits(x), y)),
};

/** Cross-entropy plus coefficient · Σ|w| over all weights, biases left out: L1 weight decay. */
export function l1Decay(coefficient: number): Objective {
  return {
    name: `cross-entropy + ${coefficient} L1`,
    loss: (model, x, y) => {
      const sizes = Object.entries(model.weights)
        .filter(([name]) => name.startsWith('w'))
        .map(([, weight]) => tf.sum(tf.abs(weight)));
      const penalty = tf.mul(tf.addN(sizes), coefficient);
      return tf.add(tf.mean(crossEntropy(model.logits(x), y)), penalty);
    },
  };
}

/** The exact worst-case loss ζ(ε‖w‖₁ − y(wᵀx + b)) of a linear model: adversarial training without
 *  an attack. */
export function worstCaseTraining(eps: number): Objective<LinearWeights> {
  return {
    name: `worst-case logistic, eps ${eps}`,
    loss: (model, x, y) => {
      const signs = tf.sub(tf.mul(tf.cast(y, 'float32'), 2), 1) as tf.Tensor1D;
      const weights: LinearParameters = model.weights;
      return tf.mean(worstCaseLogistic(weights, x, signs, eps));
    },
  };
}
