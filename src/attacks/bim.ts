/** I-FGSM, the basic iterative method of Kurakin, Goodfellow, Bengio 2017 (arXiv:1607.02533,
 *  section 2.2).
 *
 *    x₀ = x,   x_{t+1} = clip_{x,ε}( x_t + α · sign ∇ₓ J(θ, x_t, y) )
 *
 *  where clip_{x,ε} brings a point back into the ball ‖x_t − x‖ ≤ ε and into the box. With one step of
 *  α = ε it is FGSM. */

import { type Ascent, ascend } from './ascent.js';
import { stepUp } from './ball.js';
import { checkAlpha, checkEps, checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import type { AttackResult } from './result.js';
import { type AttackOptions, runAttack } from './run-attack.js';

export interface IterativeOptions extends AttackOptions {
  /** ε, the size of the ball around each image, in the units of x. */
  readonly eps: number;
  /** α, the size of one step in the same norm; default ε / steps. */
  readonly alpha?: number;
  /** Number of steps; default 10. */
  readonly steps?: number;
  /** The norm of the ball and of the step; default `linf`. */
  readonly norm?: 'linf' | 'l2';
  /** Give up each image as soon as it is adversarial, be it at the start; default true. `false` goes all
   *  the way and keeps the best point after a step: an adversarial one before others, then the one of
   *  highest loss. */
  readonly untilSuccess?: boolean;
  /** Return the images after each step too; default false. */
  readonly record?: boolean;
}

/** I-FGSM. x: [N, ...inputShape], float32 in the box; y: N classes.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function bim(
  model: Classifier,
  x: Images,
  y: Labels,
  options: IterativeOptions,
): Promise<AttackResult> {
  const { eps, alpha, norm, ascent } = checked(options);
  return runAttack('bim', model, x, y, options, (batch, held) => {
    const move: Ascent['move'] = (from, uphill) => ({
      xt: stepUp(from, uphill, { alpha, eps, norm }, batch.box),
    });
    return ascend(model, batch, batch.x, { ...ascent, move }, held);
  });
}

/** The options with their defaults. Throws UserError for those with which no step could be made. */
export function checked(options: IterativeOptions): {
  readonly eps: number;
  readonly alpha: number;
  readonly norm: 'linf' | 'l2';
  readonly ascent: Omit<Ascent, 'move'>;
} {
  const { eps, norm = 'linf', steps = 10, untilSuccess = true, record = false } = options;
  checkEps(eps, norm, options.box);
  checkSteps(steps);
  const { alpha = eps / steps } = options;
  if (eps > 0) checkAlpha(alpha);
  const iterates = record ? 'every' : 'none';
  return { eps, alpha, norm, ascent: { steps, untilSuccess, iterates } };
}
