/** R+FGSM, a random step before the gradient's, Tramèr et al. 2018 (arXiv:1705.07204, section 3.3).
 *
 *    x' = x + α · sign N(0, I),   x̃ = x' + (ε − α) · sign ∇ₓ J(θ, x', y)
 *
 *  The random step leaves the flat or bent spot around x that hides the gradient of a network
 *  trained on FGSM. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { checkEps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { type FgsmOptions, step } from './fgsm.js';
import { randomSigns } from './random-signs.js';
import type { AttackResult } from './result.js';
import { runAttack } from './run-attack.js';

export interface RFgsmOptions extends Omit<FgsmOptions, 'norm'> {
  /** α, the size of the random step, from 0 to ε; default ε / 2. */
  readonly alpha?: number;
  /** Number that the random signs come from. */
  readonly seed: number;
}

/** R+FGSM. x: [N, ...inputShape], float32 in the box; y: N classes. The same seed gives the same
 *  images, whatever the batch size.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function rFgsm(
  model: Classifier,
  x: Images,
  y: Labels,
  { eps, alpha = eps / 2, clip = true, seed, ...options }: RFgsmOptions,
): Promise<AttackResult> {
  checkEps(eps, 'linf', options.box);
  if (!(alpha >= 0 && alpha <= eps)) {
    throw new UserError(`expected alpha from 0 to eps = ${eps}, got ${alpha}`, {
      hint: 'Leave it out to take eps / 2.',
    });
  }
  return runAttack('r-fgsm', model, x, y, options, (batch, held) => {
    const start = held.keep(
      tf.tidy(() => {
        const moved = tf.add(batch.x, tf.mul(randomSigns(batch.x.shape, seed, batch.start), alpha));
        return clip ? tf.clipByValue(moved, ...batch.box) : moved;
      }),
    );
    return step(model, batch, start, { eps: eps - alpha, norm: 'linf', clip }, held);
  });
}
