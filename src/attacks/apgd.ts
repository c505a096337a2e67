/** APGD, the PGD without a step size to choose, Croce and Hein 2020 (arXiv:2003.01690, section 3),
 *  with the cross-entropy (APGD-CE) or the difference of logits ratio (APGD-DLR, section 4). The start
 *  is uniform in the ball; the authors' code starts on its surface. */

import * as tf from '@tensorflow/tfjs-core';
import { type ApgdBall, apgdMove } from './apgd-move.js';
import { type Ascended, type Ascent, ascend } from './ascent.js';
import { checkEps, checkRestarts, checkSeed, checkSteps } from './check-options.js';
import { type Classifier, checkClasses, type Images, type Labels } from './classifier.js';
import type { Climb } from './climbs.js';
import { dlr, targetedDlr } from './dlr.js';
import type { Held } from './held.js';
import { crossEntropy } from './loss.js';
import { randomStart } from './random-start.js';
import { bestOfRestarts } from './restarts.js';
import type { AttackResult } from './result.js';
import { pick } from './rows.js';
import { type Aim, type AttackOptions, runAttack } from './run-attack.js';

export interface ApgdOptions extends AttackOptions {
  /** ε, the radius of the ball around each image, in the units of x. */
  readonly eps: number;
  /** The norm of the ball, the step and the start; default `linf`. */
  readonly norm?: 'linf' | 'l2';
  /** Number of steps; default 100. */
  readonly steps?: number;
  /** Climbs from each image, each from a random point of its own; default 1. */
  readonly restarts?: number;
  /** Number that the starts come from; default 0. */
  readonly seed?: number;
  /** Default `cross-entropy`. `dlr` asks for 3 classes, with a target for 4. */
  readonly loss?: 'cross-entropy' | 'dlr';
  /** Give up each image as soon as it is adversarial; default true. */
  readonly untilSuccess?: boolean;
}

/** APGD. x: [N, ...inputShape], float32 in the box; y: N classes. With a target and `dlr` it is the
 *  targeted DLR from y to the target that climbs: the other one has no gradient where the target
 *  ranks third. The `loss` of the result is that of the attack; towards a target the DLR is negative.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, too few classes, or a NaN
 *  gradient. */
export async function apgd(
  model: Classifier,
  x: Images,
  y: Labels,
  options: ApgdOptions,
): Promise<AttackResult> {
  const { loss = 'cross-entropy', target } = options;
  const settings = checkedApgd(options);
  if (loss === 'dlr') checkClasses(model, target === undefined ? 3 : 4, 'the DLR loss');
  const { restarts, untilSuccess } = settings;
  const name = loss === 'dlr' ? 'apgd-dlr' : 'apgd-ce';
  return runAttack(name, model, x, y, options, (batch, held) =>
    bestOfRestarts(
      batch,
      { restarts, untilSuccess },
      (aim, climbs, inner) =>
        climbOnce(model, aim, climbs, { ...settings, loss: lossOf(loss, aim) }, inner),
      held,
    ),
  );
}

/** The options with their defaults, but for the loss. */
export function checkedApgd(options: Omit<ApgdOptions, 'loss'>): ApgdSettings & {
  readonly restarts: number;
} {
  const { eps, norm = 'linf', steps = 100, restarts = 1, seed = 0, untilSuccess = true } = options;
  checkEps(eps, norm, options.box);
  checkSteps(steps);
  checkRestarts(restarts);
  checkSeed(seed);
  return { ball: { eps, norm }, steps, restarts, seed, untilSuccess };
}

export interface ApgdSettings {
  readonly ball: ApgdBall;
  readonly steps: number;
  readonly seed: number;
  readonly untilSuccess: boolean;
}

/** One climb from each image. */
export function climbOnce(
  model: Classifier,
  aim: Aim,
  climbs: readonly Climb[],
  { ball, steps, seed, untilSuccess, loss }: ApgdSettings & { readonly loss: AimedLoss },
  held: Held,
): Promise<Ascended> {
  const start = { norm: ball.norm, radius: ball.eps, seed };
  const x0 = held.keep(randomStart(aim.x, climbs, start, aim.box));
  const move = apgdMove(ball, aim.box, { steps, count: climbs.length });
  const ascent = { steps, untilSuccess, startCounts: true, iterates: 'none', loss, move } as const;
  return ascend(model, aim, x0, ascent, held); // algorithm 1 counts x_0: f_max = max(f(x_0), f(x_1))
}

export type AimedLoss = NonNullable<Ascent['loss']>;

function lossOf(loss: 'cross-entropy' | 'dlr', { y, targeted }: Aim): AimedLoss {
  if (loss === 'cross-entropy') return crossEntropy;
  if (!targeted) return dlr;
  // An attack lowers the loss towards its target.
  return (Z, t, rows) => tf.neg(targetedDlr(Z, tf.tensor1d(pick(y, rows), 'int32'), t));
}
