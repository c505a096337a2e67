/** PGD in the max norm, bare: Madry et al. 2018 (arXiv:1706.06083, section 2.1).
 *
 *    x_{t+1} = Π_{x+S}( x_t + α · sign ∇ₓJ(θ, x_t, y) ),   S = { δ : ‖δ‖∞ ≤ ε }
 *
 *  The attack `pgd` checks its inputs, counts, tests and keeps the best point. Training takes millions
 *  of these steps and wants the last point alone. */

import * as tf from '@tensorflow/tfjs-core';
import { stepUp } from '../attacks/ball.js';
import { type Box, type Classifier, type Images, PIXELS } from '../attacks/index.js';
import { oneHot } from '../attacks/logits.js';
import type { Random } from './random.js';

export interface ClimbOptions {
  /** ε and α in the max norm, and the number of steps. */
  readonly eps: number;
  readonly alpha: number;
  readonly steps: number;
  /** Range of the features, default [0, 1]. */
  readonly box?: Box;
}

/** Where the steps from xt end, in the ball around x. y: [N], int32. Runs within the caller's tidy. */
export function climb(
  model: Pick<Classifier, 'logits'>,
  { x, xt: start }: { readonly x: Images; readonly xt: Images },
  y: tf.Tensor1D,
  { eps, alpha, steps, box = PIXELS }: ClimbOptions,
): Images {
  const gradient = tf.grad((at: tf.Tensor) => slopeOfLoss(model.logits(at), y));
  let xt = start;
  for (let t = 0; t < steps; t++) {
    const from = { x, xt };
    xt = tf.tidy(() => stepUp(from, gradient(from.xt), { eps, norm: 'linf', alpha }, box));
  }
  return xt;
}

/** A point anywhere in the max-norm ball around each image, uniformly, cut to the box. */
export function uniformStart(x: Images, eps: number, draws: Random, box: Box = PIXELS): Images {
  const noise = tf.tensor(draws.uniform(x.size, -eps, eps), x.shape);
  return tf.clipByValue(tf.add(x, noise), ...box);
}

/** Stands in for Σ J where only its gradient is asked for: the value is 0. The gradient in Z is written
 *  down, p_j for j ≠ y and −Σ p_j for y, where the engine would derive it in thirty operations. As in
 *  `crossEntropy`, 1 − p_y is not taken from p_y, which may round to 1. */
function slopeOfLoss(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Scalar {
  const slope = tf.customGrad((logits, save) => {
    (save as tf.GradSaveFunc)([logits as tf.Tensor]);
    const gradFunc = (_: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor => {
      const own = oneHot(y, Z);
      const wrong = tf.mul(tf.softmax(saved as tf.Tensor2D), tf.sub(1, own));
      return tf.sub(wrong, tf.mul(own, tf.sum(wrong, 1, true)));
    };
    return { value: tf.scalar(0), gradFunc };
  });
  return slope(Z) as tf.Scalar;
}
