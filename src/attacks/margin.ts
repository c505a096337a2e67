/** The margin loss of Carlini and Wagner, as Madry et al. 2018 use it in place of the cross-entropy
 *  (arXiv:1706.06083, section 5, "CW"; formula of MadryLab/mnist_challenge):
 *
 *    J(θ, x, y) = min( max_{j≠y} Z_j − Z_y, κ )
 *
 *  From a lead of κ on there is no gradient: the image is wrong by enough. mnist_challenge raises
 *  −max(Z_y − max_{j≠y} Z_j + κ, 0), which is J − κ. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from './classifier.js';
import { holding } from './held.js';
import { lead } from './logits.js';
import { checkGradient, type Loss, lossGradient } from './loss.js';

/** J of each image, [n], in the units of the logits, for an attack that raises it. κ from 0; Madry's
 *  CW+ has κ = 50. */
export function marginLoss(kappa: number): Loss {
  return (Z, y) => tf.minimum(lead(Z, y), kappa);
}

/** max( max_{j≠t} Z_j − Z_t, −κ ) of each image, [n], for an attack that lowers it: the target t is to
 *  lead by κ (Carlini, Wagner 2017, arXiv:1608.04644, section 5.1). */
export function targetMarginLoss(kappa: number): Loss {
  return (Z, t) => tf.maximum(lead(Z, t), -kappa);
}

/** By how much the aim is missed, [n], in the units of the logits: by how much the target lags behind, or
 *  without targets by how much the class leads. */
export function shortfall(targeted: boolean): Loss {
  return (Z, goal) => (targeted ? lead(Z, goal) : tf.neg(lead(Z, goal)));
}

/** ∇ₓ of the shortfall of each image, the shape of x. The caller owns it.
 *  Throws UserError on a gradient that is not finite. */
export async function shortfallSlope(
  model: Classifier,
  x: Images,
  goal: Int32Array,
  targeted: boolean,
): Promise<Images> {
  return holding(async (held) => {
    const goals = held.keep(tf.tensor1d(goal, 'int32'));
    const { Z, J, gradient } = lossGradient(model, x, goals, shortfall(targeted));
    for (const tensor of [Z, J, gradient]) held.keep(tensor);
    await checkGradient(model, gradient);
    return held.give(gradient);
  });
}
