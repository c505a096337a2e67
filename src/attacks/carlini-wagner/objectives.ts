/** The seven objectives of Carlini, Wagner 2017 (arXiv:1608.04644, section 5.1): functions f of the
 *  image that are meant to be 0 or less just where the class is the target t. F is the softmax of the
 *  logits Z, and (·)⁺ the larger of the value and 0.
 *
 *  Two cannot work as printed, and stand here beside their repair:
 *
 *    f1   printed −J + 1, with the cross-entropy J: lower where t is *less* likely. Repaired −log₂F_t − 1.
 *    f5   printed −log(2F_t − 2): the logarithm of a negative number, though with a slope, and that one
 *         leads away from t. Repaired (−log(2F_t))⁺.
 *
 *  f1, f4 and f5 are 0 or less where F_t ≥ 1/2. That is enough for class t, not necessary. */

import * as tf from '@tensorflow/tfjs-core';
import { entry, lead } from '../logits.js';
import { crossEntropy, type Loss } from '../loss.js';
import { marginLoss, targetMarginLoss } from '../margin.js';

export type Objective =
  | 'f1'
  | 'f2'
  | 'f3'
  | 'f4'
  | 'f5'
  | 'f6'
  | 'f7'
  | 'f1-printed'
  | 'f5-printed';

/** f of each image, [n], from logits [n, classes] and targets [n]. κ shifts f6 alone. */
export function objective(name: Objective, kappa = 0): Loss {
  return name === 'f6' ? targetMarginLoss(kappa) : OBJECTIVES[name];
}

/** f6 without a target: the class y is to fall behind another one by κ. */
export function leavingObjective(kappa: number): Loss {
  const margin = marginLoss(kappa);
  return (Z, y) => tf.neg(margin(Z, y));
}

const OBJECTIVES: { readonly [name in Exclude<Objective, 'f6'>]: Loss } = {
  f1: (Z, t) => tf.sub(tf.div(crossEntropy(Z, t), Math.LN2), 1),
  f2: (Z, t) => tf.relu(lead(softmax(Z), t)),
  f3: (Z, t) => tf.sub(tf.softplus(lead(softmax(Z), t)), Math.LN2),
  f4: (Z, t) => tf.relu(tf.sub(0.5, entry(softmax(Z), t))),
  f5: (Z, t) => tf.relu(tf.sub(crossEntropy(Z, t), Math.LN2)),
  f7: (Z, t) => tf.sub(tf.softplus(lead(Z, t)), Math.LN2),
  'f1-printed': (Z, t) => tf.sub(1, crossEntropy(Z, t)),
  'f5-printed': (Z, t) => tf.neg(tf.log(tf.sub(tf.mul(2, entry(softmax(Z), t)), 2))),
};

function softmax(Z: tf.Tensor2D): tf.Tensor2D {
  return tf.softmax(Z);
}
