/** The fast gradient method: one step along the gradient.
 *
 *    x̃ = x + η,   η = ε · sign ∇ₓ J(θ, x, y)
 *
 *  with the max norm is the fast gradient sign method, FGSM, of Goodfellow, Shlens, Szegedy 2015
 *  (arXiv:1412.6572, section 4): the η with ‖η‖∞ ≤ ε that raises a linear J most. Under the other
 *  norms the η that does so is ε · ∇ₓJ / ‖∇ₓJ‖₂ in L2 (Dong et al. 2018, arXiv:1710.06081, equation
 *  2), and in L1 the largest entries of ∇ₓJ alone.
 *
 *  The paper does not clip; with `clip` (the default) the images stay in the box. */

import * as tf from '@tensorflow/tfjs-core';
import { checkEps } from './check-options.js';
import { type Classifier, type Images, type Labels, UNBOUNDED } from './classifier.js';
import type { Held } from './held.js';
import { type Norm, steepest, steepestL1 } from './norm.js';
import { type AttackResult, retest, testWithGradient } from './result.js';
import {
  type Attacked,
  type AttackOptions,
  type Batch,
  isReached,
  runAttack,
} from './run-attack.js';

export interface FgsmOptions extends AttackOptions {
  /** ε, the size of the step in the chosen norm, in the units of x: 0.25 in the max norm is a
   *  quarter of the grey scale. */
  readonly eps: number;
  /** The norm that bounds the step; default `linf`. */
  readonly norm?: Norm;
  /** Keep the images in the box; default true. The paper's formula is `clip: false`. */
  readonly clip?: boolean;
}

/** FGSM. x: [N, ...inputShape], float32 in the box; y: N classes. Every image moves by eps in the
 *  direction that raises J(x, y) most (with a target: that lowers J(x, target) most); a feature
 *  whose gradient is exactly zero stays. x and y are neither changed nor disposed.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function fgsm(
  model: Classifier,
  x: Images,
  y: Labels,
  { eps, norm = 'linf', clip = true, ...options }: FgsmOptions,
): Promise<AttackResult> {
  checkEps(eps, norm, options.box);
  return runAttack('fgsm', model, x, y, options, (batch, held) =>
    step(model, batch, batch.x, { eps, norm, clip }, held),
  );
}

/** One step of size eps from x0, which need not be the clean images. */
export async function step(
  model: Classifier,
  { goal, targeted, box }: Batch,
  x0: Images,
  { eps, norm, clip }: { readonly eps: number; readonly norm: Norm; readonly clip: boolean },
  held: Held,
): Promise<Attacked> {
  const { tested: before, gradient } = await testWithGradient(model, x0, goal, held);
  const xAdv = held.keep(
    tf.tidy(() => {
      const uphill = tf.mul(gradient, targeted ? -1 : 1);
      const eta =
        norm === 'l1'
          ? steepestL1(x0, uphill, eps, clip ? box : UNBOUNDED)
          : tf.mul(steepest(uphill, norm), eps);
      const moved = tf.add(x0, eta);
      return clip ? tf.clipByValue(moved, ...box) : moved;
    }),
  );
  const after = await retest(model, xAdv, goal);
  const once = (label: number, i: number) => isReached(label, goal[i] as number, targeted);
  const [early, late] = [before.predicted.map(once), after.predicted.map(once)];
  return {
    xAdv: held.give(xAdv),
    after,
    firstSuccess: early.map((already, i) => (already ? 0 : late[i] ? 1 : -1)),
    forward: early.map(() => 2), // the gradient's, and the re-test
    backward: early.map(() => 1),
    loss: [before.loss, after.loss],
  };
}
