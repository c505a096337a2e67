/** Projected gradient descent, Madry, Makelov, Schmidt, Tsipras, Vladu 2018 (arXiv:1706.06083,
 *  section 2.1).
 *
 *    x_0 uniform in the ball around x,   x_{t+1} = Π_{x+S}( x_t + α · sign ∇ₓ J(θ, x_t, y) )
 *
 *  and the best of several restarts. S is the L∞ ball; under other norms the step is the steepest one
 *  of that norm, and Π goes to the nearest point of the ball, then to the box. */

import { UserError } from '../errors.js';
import { type Ascent, ascend } from './ascent.js';
import { type Ball, stepUp } from './ball.js';
import { checkAlpha, checkEps, checkRestarts, checkSeed, checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { crossEntropy, type Loss } from './loss.js';
import { marginLoss, targetMarginLoss } from './margin.js';
import type { Norm } from './norm.js';
import { randomStart } from './random-start.js';
import { bestOfRestarts, type RestartOptions } from './restarts.js';
import type { AttackResult } from './result.js';
import { type AttackOptions, runAttack } from './run-attack.js';

/** What PGD raises: the cross-entropy, or the margin loss with its κ. */
export type PgdLoss = 'cross-entropy' | { readonly margin: number };

export interface PgdOptions extends AttackOptions {
  /** ε, the radius of the ball around each image, in the units of x. */
  readonly eps: number;
  /** α, the length of one step in the same norm; default 2.5 ε / steps (section 5). */
  readonly alpha?: number;
  /** Number of steps; default 40. */
  readonly steps?: number;
  /** The norm of the ball, the step and the start; default `linf`. */
  readonly norm?: Norm;
  /** Climbs from each image, each from a random point of its own; default 1. */
  readonly restarts?: number;
  /** Radius of the ball that the starts come from, from 0 to ε; default ε. With 0 it is I-FGSM. */
  readonly startRadius?: number;
  /** Number that the starts come from; default 0. */
  readonly seed?: number;
  /** Default `cross-entropy`; { margin: κ } is the paper's CW attack, with κ = 50 its CW+. */
  readonly loss?: PgdLoss;
  /** Give up each image as soon as it is adversarial, and begin no more restarts of it; default true,
   *  with `record` false. `false` makes every step of every restart and keeps the best point after a
   *  step. */
  readonly untilSuccess?: boolean;
  /** Return the losses of each restart after each step (`loss`), or also where it ended (`ends`). */
  readonly record?: 'loss' | 'ends';
}

/** PGD. x: [N, ...inputShape], float32 in the box; y: N classes. Restart r of an image starts at the
 *  same point whatever the batch size and the number of restarts. `batchSize` restarts climb at once,
 *  whether of one image or of many; with `untilSuccess` as many as there are images left.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function pgd(
  model: Classifier,
  x: Images,
  y: Labels,
  options: PgdOptions,
): Promise<AttackResult> {
  const { ball, alpha, steps, startRadius, seed, restarts, ...settings } = checked(options);
  const loss = lossOf(settings.loss, options.target !== undefined);
  const start = { norm: ball.norm, radius: startRadius, seed };
  const iterates = restarts.record === 'ends' ? 'last' : 'none';
  return runAttack('pgd', model, x, y, options, (batch, held) =>
    bestOfRestarts(
      batch,
      restarts,
      (aim, climbs, inner) => {
        const x0 = inner.keep(randomStart(aim.x, climbs, start, aim.box));
        const move: Ascent['move'] = (from, uphill) => ({
          xt: stepUp(from, uphill, { ...ball, alpha }, aim.box),
        });
        const { untilSuccess } = restarts;
        return ascend(model, aim, x0, { steps, untilSuccess, iterates, loss, move }, inner);
      },
      held,
    ),
  );
}

interface Checked {
  readonly ball: Ball;
  readonly alpha: number;
  readonly steps: number;
  readonly startRadius: number;
  readonly seed: number;
  readonly loss: PgdLoss;
  readonly restarts: RestartOptions;
}

/** The options with their defaults. */
function checked(options: PgdOptions): Checked {
  const { eps, norm = 'linf', steps = 40, restarts = 1, seed = 0, record } = options;
  const {
    startRadius = eps,
    loss = 'cross-entropy',
    untilSuccess = record === undefined,
  } = options;
  checkEps(eps, norm, options.box);
  checkSteps(steps);
  const { alpha = (2.5 * eps) / steps } = options;
  if (eps > 0) checkAlpha(alpha);
  checkRestarts(restarts);
  checkSeed(seed);
  checkStartRadius(startRadius, eps);
  if (loss !== 'cross-entropy') checkKappa(loss.margin);
  if (untilSuccess && record !== undefined) {
    throw new UserError(`expected untilSuccess: false with record: '${record}', got true`, {
      hint: 'Leave untilSuccess out: restarts that never begin have no record.',
    });
  }
  return {
    ball: { eps, norm },
    alpha,
    steps,
    startRadius,
    seed,
    loss,
    restarts: { restarts, untilSuccess, record },
  };
}

function lossOf(loss: PgdLoss, targeted: boolean): Loss {
  if (loss === 'cross-entropy') return crossEntropy;
  return targeted ? targetMarginLoss(loss.margin) : marginLoss(loss.margin);
}

function checkStartRadius(startRadius: number, eps: number): void {
  if (!(startRadius >= 0 && startRadius <= eps)) {
    throw new UserError(`expected a startRadius from 0 to eps = ${eps}, got ${startRadius}`, {
      hint: 'Leave it out to start anywhere in the ball.',
    });
  }
}

function checkKappa(kappa: number): void {
  if (!(kappa >= 0)) {
    throw new UserError(`expected a margin from 0, got ${kappa}`, {
      hint: 'Give loss: { margin: 50 }, for instance.',
    });
  }
}
