/** PGD in the max norm, bare: Madry et al. 2018 (arXiv:1706.06083, section 2.1).
 *
 *    x_{t+1} = Π_{x+S}( x_t + α · sign ∇ₓJ(θ, x_t, y) ),   S = { δ : ‖δ‖∞ ≤ ε }
 *
 *  The attack `pgd` checks its inputs, counts, tests and keeps the best point. Training takes millions
 *  of these steps and wants the last point alone. */

import * as tf from '@tensorflow/tfjs-core';
import { type Box, type Classifier, type Images, PIXELS } from '../attacks/index.js';

/** x + S within the box, feature by feature. Shapes of x. */
export interface Ball {
  readonly low: Images;
  readonly high: Images;
}

/** All points at most eps from x in each feature, and in the box. */
export function ballAround(x: Images, eps: number, [low, high]: Box = PIXELS): Ball {
  return { low: tf.maximum(tf.sub(x, eps), low), high: tf.minimum(tf.add(x, eps), high) };
}

/** The nearest point of the ball. points: shape of the ball, or [n, …] for the ball of one image. */
export function intoBall(points: Images, { low, high }: Ball): Images {
  return tf.minimum(tf.maximum(points, low), high);
}

/** One step along the gradient at xt. */
export function stepUp(xt: Images, gradient: Images, alpha: number, ball: Ball): Images {
  return intoBall(tf.add(xt, tf.mul(tf.sign(gradient), alpha)), ball);
}

/** The last of `steps` steps from `start`. y: [N], int32. Runs within the caller's tidy. */
export function climb(
  model: Pick<Classifier, 'logits'>,
  start: Images,
  y: tf.Tensor1D,
  ball: Ball,
  { alpha, steps }: { readonly alpha: number; readonly steps: number },
): Images {
  const gradient = tf.grad((x: tf.Tensor) => slopeOfLoss(model.logits(x), y));
  let xt = start;
  for (let t = 0; t < steps; t++) {
    const from = xt;
    xt = tf.tidy(() => stepUp(from, gradient(from), alpha, ball));
  }
  return xt;
}

/** Stands in for Σ J where only its gradient is asked for: the value is 0. The gradient in Z is written
 *  down, p_j for j ≠ y and −Σ p_j for y, where the engine would derive it in thirty operations. As in
 *  `crossEntropy`, 1 − p_y is not taken from p_y, which may round to 1. */
function slopeOfLoss(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Scalar {
  const slope = tf.customGrad((logits, save) => {
    (save as tf.GradSaveFunc)([logits as tf.Tensor]);
    const gradFunc = (_: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor => {
      const own = tf.oneHot(y, Z.shape[1]);
      const wrong = tf.mul(tf.softmax(saved as tf.Tensor2D), tf.sub(1, own));
      return tf.sub(wrong, tf.mul(own, tf.sum(wrong, 1, true)));
    };
    return { value: tf.scalar(0), gradFunc };
  });
  return slope(Z) as tf.Scalar;
}
