/** The momentum iterative method, Dong et al. 2018 (arXiv:1710.06081, algorithm 1).
 *
 *    g_{t+1} = μ · g_t + ∇ₓJ(θ, x_t, y) / ‖∇ₓJ(θ, x_t, y)‖₁
 *    x_{t+1} = x_t + α · sign g_{t+1}
 *
 *  The algorithm needs no clipping with α = ε / T; ball and box hold here for any α. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { type Ascent, ascend } from './ascent.js';
import { stepUp } from './ball.js';
import { checked, type IterativeOptions } from './bim.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { perL1 } from './norm.js';
import type { AttackResult } from './result.js';
import { runAttack } from './run-attack.js';

export interface MiFgsmOptions extends IterativeOptions {
  /** μ, the share of the old direction that is kept; default 1. With 0 it is I-FGSM. */
  readonly mu?: number;
}

/** MI-FGSM. x: [N, ...inputShape], float32 in the box; y: N classes. A gradient that is exactly zero
 *  leaves the old direction in force; with none, the image stays.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function miFgsm(
  model: Classifier,
  x: Images,
  y: Labels,
  { mu = 1, ...options }: MiFgsmOptions,
): Promise<AttackResult> {
  if (!(mu >= 0 && mu < Number.POSITIVE_INFINITY)) {
    throw new UserError(`expected mu from 0, got ${mu}`, { hint: 'Leave it out to take 1.' });
  }
  const { eps, alpha, norm, ascent } = checked(options);
  return runAttack('mi-fgsm', model, x, y, options, (batch, held) => {
    const move: Ascent['move'] = (from, uphill) => {
      const [old] = from.memory;
      const now = perL1(uphill);
      const g = old === undefined ? now : tf.add(tf.mul(old, mu), now);
      return { xt: stepUp(from, g, { alpha, eps, norm }, batch.box), memory: [g] };
    };
    return ascend(model, batch, batch.x, { ...ascent, move }, held);
  });
}
