/** What training lowers. */

import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, type LinearParameters, worstCaseLogistic } from '../attacks/index.js';
import type { LinearWeights, Model, Weights } from './models.js';
import type { Random } from './random.js';

/** A loss of a model on one batch. x: [N, …]; y: [N], int32. */
export interface Objective<W extends Weights = Weights> {
  /** Names the loss and its numbers exactly: trained models are kept under it. */
  readonly name: string;
  /** What the loss takes as given besides x and y: images under attack, noise. It is made by the
   *  current weights, without dropout, before the gradient is taken, so none flows through it.
   *  `draws` belong to this step. `step`: its number, from 1; outside a training there is none, and
   *  whatever changes over the steps is at its end. */
  prepare?(model: Model<W>, x: tf.Tensor, y: tf.Tensor1D, draws: Random, step?: number): tf.Tensor;
  /** Mean over the batch. `prepared`: what `prepare` gave; x where there is none. */
  loss(model: Model<W>, x: tf.Tensor, y: tf.Tensor1D, prepared: tf.Tensor): tf.Scalar;
}

/** Cross-entropy. */
export const meanCrossEntropy: Objective = {
  name: 'cross-entropy',
  loss: (model, x, y) => tf.mean(crossEntropy(model.logits(x), y)),
};

/** Adds coefficient · Σ|w| to an objective, biases left out: L1 weight decay. `only` names the
 *  weights that decay; default all. */
export function l1Decay<W extends Weights = Weights>(
  coefficient: number,
  objective: Objective<W> = meanCrossEntropy,
  only?: readonly string[],
): Objective<W> {
  return decayed(`${coefficient} L1`, coefficient, tf.abs, objective, only);
}

/** Adds coefficient / 2 · Σw² to an objective, so that coefficient · w adds to the gradient: L2 weight
 *  decay. Arguments as in `l1Decay`. */
export function l2Decay<W extends Weights = Weights>(
  coefficient: number,
  objective: Objective<W> = meanCrossEntropy,
  only?: readonly string[],
): Objective<W> {
  return decayed(`${coefficient} L2`, coefficient / 2, tf.square, objective, only);
}

function decayed<W extends Weights>(
  label: string,
  factor: number,
  size: (weight: tf.Tensor) => tf.Tensor,
  objective: Objective<W>,
  only: readonly string[] | undefined,
): Objective<W> {
  const decays = (name: string): boolean => only?.includes(name) ?? name.startsWith('w');
  return {
    ...objective,
    name: `${objective.name} + ${label}${only === undefined ? '' : ` of ${only.join(', ')}`}`,
    loss: (model, x, y, prepared) => {
      const sizes = Object.entries(model.weights)
        .filter(([name]) => decays(name))
        .map(([, weight]) => tf.sum(size(weight)));
      return tf.add(objective.loss(model, x, y, prepared), tf.mul(tf.addN(sizes), factor));
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

/** For models whose logits are log p of independent units, as `rbf10`: −log p_y − Σ log(1 − p_j) over
 *  the other classes. Their softmax would make the nearest unit sure, however far it is. */
export const unitCrossEntropy: Objective = {
  name: 'cross-entropy of each unit',
  loss: (model, x, y) => {
    const Z = tf.minimum(model.logits(x), -1e-6); // p = 1 in a wrong class would cost infinity
    const own = tf.oneHot(y, model.classes);
    const wrong = tf.log(tf.neg(tf.expm1(Z))); // log(1 − exp Z), without cancellation
    const right = tf.add(tf.mul(own, Z), tf.mul(tf.sub(1, own), wrong));
    return tf.neg(tf.mean(tf.sum(right, 1)));
  },
};
