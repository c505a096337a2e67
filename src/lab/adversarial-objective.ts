/** Training on a mixture of clean and perturbed inputs: Goodfellow, Shlens, Szegedy 2015
 *  (arXiv:1412.6572, section 6).
 *
 *  J̃(θ, x, y) = αJ(θ, x, y) + (1 − α)J(θ, x + ε sign ∇ₓJ(θ, x, y), y) */

import * as tf from '@tensorflow/tfjs-core';
import { type Box, crossEntropy, lossGradient, PIXELS } from '../attacks/index.js';
import { headOutput, tailLogits } from './models.js';
import type { Objective } from './objective.js';

export interface MixOptions {
  /** ε, in the units of what is perturbed. */
  readonly eps: number;
  /** Weight of the clean loss, default 0.5. */
  readonly alpha?: number;
  /** Keep perturbed images in the box; default true. The paper's formula is `clip: false`. */
  readonly clip?: boolean;
  /** Range of the features, default [0, 1]. */
  readonly box?: Box;
}

/** FGSM training. The attack is made anew in each step on the current weights, without dropout; its
 *  images are constants for the gradient. */
export function fgsmMix(options: MixOptions): Objective {
  return mixture('FGSM', options, (model, x, y) => {
    const { Z, J, gradient } = lossGradient(model, x, y);
    tf.dispose([Z, J]); // they are kept, which `tf.tidy` respects
    return tf.add(x, tf.mul(tf.sign(gradient), options.eps));
  });
}

/** The same with ±ε at random in each feature: a control. */
export function signNoiseMix(options: MixOptions): Objective {
  return mixture('sign noise', options, (_, x, __, draws) => {
    const noise = tf.tensor(draws.signs(x.size), x.shape);
    return tf.add(x, tf.mul(noise, options.eps));
  });
}

/** The same with U(−ε, ε) in each feature: a control. */
export function uniformNoiseMix(options: MixOptions): Objective {
  return mixture('uniform noise', options, (_, x, __, draws) =>
    tf.add(x, tf.tensor(draws.uniform(x.size, -options.eps, options.eps), x.shape)),
  );
}

/** FGSM training on the outputs h of a hidden layer: αJ(h) + (1 − α)J(h + ε sign ∇ₕJ). The layers
 *  below learn through h; the perturbation is a constant. eps is in the units of h. */
export function hiddenMix(
  layer: string,
  { eps, alpha = 0.5 }: Pick<MixOptions, 'eps' | 'alpha'>,
): Objective {
  return {
    name: `FGSM mix at ${layer}, alpha ${alpha}, eps ${eps}`,
    prepare: (model, x, y) => {
      const tail = { ...model, logits: (h: tf.Tensor) => tailLogits(model, layer, h) };
      const { Z, J, gradient } = lossGradient(tail, headOutput(model, layer, x), y);
      tf.dispose([Z, J]);
      return tf.mul(tf.sign(gradient), eps);
    },
    loss: (model, x, y, eta) => {
      const h = headOutput(model, layer, x);
      const J = (input: tf.Tensor) => meanLoss(tailLogits(model, layer, input), y);
      return weighted(alpha, J(h), J(tf.add(h, eta)));
    },
  };
}

function mixture(
  label: string,
  { eps, alpha = 0.5, clip = true, box = PIXELS }: MixOptions,
  perturb: NonNullable<Objective['prepare']>,
): Objective {
  return {
    name: `${label} mix, alpha ${alpha}, eps ${eps}, ${clip ? `in [${box}]` : 'not clipped'}`,
    prepare: (model, x, y, draws) => {
      const moved = perturb(model, x, y, draws);
      return clip ? tf.clipByValue(moved, ...box) : moved;
    },
    loss: (model, x, y, xAdv) => {
      const J = (input: tf.Tensor) => meanLoss(model.logits(input), y);
      return weighted(alpha, J(x), J(xAdv));
    },
  };
}

function meanLoss(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Scalar {
  return tf.mean(crossEntropy(Z, y));
}

function weighted(alpha: number, clean: tf.Scalar, perturbed: tf.Scalar): tf.Scalar {
  return tf.add(tf.mul(clean, alpha), tf.mul(perturbed, 1 - alpha));
}
