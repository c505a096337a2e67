/** Training on the worst case that PGD finds: Madry et al. 2018 (arXiv:1706.06083, equation 2.1).
 *
 *    min_θ E max_{δ ∈ S} J(θ, x + δ, y) */

import * as tf from '@tensorflow/tfjs-core';
import { checkAlpha, checkEps, checkRestarts, checkSteps } from '../attacks/check-options.js';
import { type Box, crossEntropy, type Images, PIXELS } from '../attacks/index.js';
import { UserError } from '../errors.js';
import { climb, uniformStart } from './climb.js';
import { meanCrossEntropy, type Objective } from './objective.js';

export interface PgdTrainingOptions {
  /** ε in the max norm, in the units of x. */
  readonly eps: number;
  /** α, the size of one step of the attack. */
  readonly alpha: number;
  /** Steps of the attack in each step of the training. */
  readonly steps: number;
  /** Starts per image, default 1; the point of highest loss is trained on. */
  readonly restarts?: number;
  /** Start anywhere in the ball, uniformly, cut to the box; default true. `false` starts at the image:
   *  one step with alpha = eps is then FGSM. */
  readonly randomStart?: boolean;
  /** Steps of the training in which ε and α grow evenly from 0 to their full size; default 0. At the
   *  full ε = 0.3 from the start a network may learn nothing for thousands of steps. */
  readonly ramp?: number;
  /** Range of the features, default [0, 1]. */
  readonly box?: Box;
}

/** PGD training: each batch is replaced by its images under attack, made anew on the current weights,
 *  without dropout; clean images take no part. The images are constants for the gradient, which
 *  Danskin's theorem allows at a unique maximum.
 *  Throws UserError for options with which no attack could be made. */
export function pgdTraining(options: PgdTrainingOptions): Objective {
  const { eps, alpha, steps, restarts = 1, randomStart = true, ramp = 0, box = PIXELS } = options;
  check(options);
  return {
    name: [
      `PGD, eps ${eps}, alpha ${alpha}, steps ${steps}, restarts ${restarts}`,
      `${randomStart ? 'random start' : 'start at the image'}, ramp ${ramp}, box [${box}]`,
    ].join(', '),
    prepare: (model, x, y, draws, step = Number.POSITIVE_INFINITY) => {
      const grown = ramp === 0 ? 1 : Math.min(1, step / ramp);
      const attack = { eps: eps * grown, alpha: alpha * grown, steps, box };
      const start = (): Images => (randomStart ? uniformStart(x, attack.eps, draws, box) : x);
      const attacked = (): Images => climb(model, { x, xt: start() }, y, attack);
      let worst = attacked();
      for (let restart = 1; restart < restarts; restart++) {
        worst = higher((input) => crossEntropy(model.logits(input), y), worst, attacked());
      }
      return worst;
    },
    loss: (model, _, y, xAdv) => meanCrossEntropy.loss(model, xAdv, y, xAdv),
  };
}

/** Image by image, the one of higher J. */
function higher(J: (x: Images) => tf.Tensor1D, a: Images, b: Images): Images {
  const better = tf.greater(J(b), J(a));
  return tf.where(tf.reshape(better, [-1, ...a.shape.slice(1).map(() => 1)]), b, a);
}

function check({ eps, alpha, steps, restarts = 1, ramp = 0, box }: PgdTrainingOptions): void {
  checkEps(eps, 'linf', box);
  checkAlpha(alpha);
  checkSteps(steps);
  checkRestarts(restarts);
  if (!(ramp >= 0 && ramp < Number.POSITIVE_INFINITY)) {
    throw new UserError(`expected a ramp of 0 steps or more, got ${ramp}`, {
      hint: 'Give the number of training steps in which eps grows, such as 600.',
    });
  }
}
