/** APGD-T, Croce and Hein 2020 (arXiv:2003.01690, sections 4.2 and 5): APGD with the targeted DLR
 *  towards one wrong class after the other, the likeliest first. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { type AimedLoss, type ApgdOptions, checkedApgd, climbOnce } from './apgd.js';
import { type Classifier, checkClasses, type Images, type Labels } from './classifier.js';
import { targetedDlr } from './dlr.js';
import { holding } from './held.js';
import { bestOfRestarts } from './restarts.js';
import type { AttackResult } from './result.js';
import { pick } from './rows.js';
import { type Batch, runAttack } from './run-attack.js';

export interface ApgdTargetedOptions extends Omit<ApgdOptions, 'loss' | 'target'> {
  /** How many wrong classes to try, in the order of their logits on x; default 9, or all. Each has
   *  `restarts` climbs. */
  readonly targets?: number;
}

/** APGD-T. x: [N, ...inputShape], float32 in the box; y: N classes, to be left for any other one. At
 *  least 4 classes. The `loss` of the result is the targeted DLR of the best climb.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, too few classes, or a NaN
 *  gradient. */
export async function apgdTargeted(
  model: Classifier,
  x: Images,
  y: Labels,
  { targets = Math.min(9, model.classes - 1), ...options }: ApgdTargetedOptions,
): Promise<AttackResult> {
  const settings = checkedApgd(options);
  checkClasses(model, 4, 'the targeted DLR loss');
  checkTargets(targets, model);
  const { restarts, untilSuccess } = settings;
  return runAttack('apgd-t', model, x, y, options, async (batch, held) => {
    const ranking = await wrongClasses(model, batch);
    const done = await bestOfRestarts(
      batch,
      { restarts: targets * restarts, untilSuccess },
      (aim, climbs, inner) => {
        const t = climbs.map(({ image, restart }) => {
          const order = ranking[image - batch.start] as readonly number[];
          return order[Math.floor(restart / restarts)] as number;
        });
        const loss: AimedLoss = (Z, own, rows) =>
          targetedDlr(Z, own, tf.tensor1d(pick(t, rows), 'int32'));
        return climbOnce(model, aim, climbs, { ...settings, loss }, inner);
      },
      held,
    );
    return { ...done, forward: done.forward.map((passes) => passes + 1) }; // the ranking's
  });
}

/** All classes but y of each image, the largest logit first. */
function wrongClasses(model: Classifier, { x, y }: Batch): Promise<number[][]> {
  return holding(async (held) => {
    const Z = held.keep(tf.tidy(() => model.logits(x)));
    const { values, indices } = tf.topk(Z, model.classes);
    for (const tensor of [values, indices]) held.keep(tensor);
    const order = (await indices.array()) as number[][];
    return order.map((classes, i) => classes.filter((k) => k !== y[i]));
  });
}

function checkTargets(targets: number, { classes }: Classifier): void {
  if (!Number.isInteger(targets) || targets < 1 || targets >= classes) {
    throw new UserError(`expected from 1 to ${classes - 1} targets, got ${targets}`, {
      hint: 'Leave it out to take 9, or all wrong classes where there are fewer.',
    });
  }
}
