/** FGSM with the smallest ε that fools each image, as Carlini and Wagner 2017 compare it with targets
 *  (arXiv:1608.04644, section 8.1).
 *
 *    min ε   with x + ε · sign ∇ₓJ(θ, x, y) adversarial
 *
 *  On this line a larger step may leave the target again. So all ε are tried, from the smallest up; they
 *  share one gradient. */

import * as tf from '@tensorflow/tfjs-core';
import { newLog, note } from './ascent-log.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { type EpsGrid, epsGrid, type SmallestEpsOptions } from './eps-grid.js';
import { type Held, swap } from './held.js';
import { type AttackResult, retest, testWithGradient } from './result.js';
import { pick, pickRows, replaceRows } from './rows.js';
import { type Attacked, type Batch, runAttack } from './run-attack.js';

/** FGSM in the max norm with the smallest ε of a grid, for each image. x: [N, ...inputShape], float32 in
 *  the box; y: N classes. `firstSuccess` is the number of the ε, and `loss` goes over them; 0 is the image
 *  itself. An image that no ε fools is returned at the largest.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function smallestFgsm(
  model: Classifier,
  x: Images,
  y: Labels,
  options: SmallestEpsOptions = {},
): Promise<AttackResult> {
  const grid = epsGrid(options);
  return runAttack('smallest-fgsm', model, x, y, options, (batch, held) =>
    alongLine(model, batch, grid, held),
  );
}

async function alongLine(
  model: Classifier,
  batch: Batch,
  { level, levels }: EpsGrid,
  held: Held,
): Promise<Attacked> {
  const { x, goal, targeted, box } = batch;
  const log = newLog(batch);
  const { tested: clean, gradient } = await testWithGradient(model, x, goal, held);
  let rows = note(log, clean, [...goal.keys()], 0, true).open;
  const uphill = held.keep(tf.tidy(() => tf.mul(tf.sign(gradient), targeted ? -1 : 1)));
  let xAdv = held.keep(tf.clone(x));
  for (let k = 1; k <= levels && rows.length > 0; k++) {
    xAdv = swap(held, xAdv, () => {
      const eta = tf.mul(pickRows(uphill, rows), k * level);
      return replaceRows(xAdv, rows, tf.clipByValue(tf.add(pickRows(x, rows), eta), ...box));
    });
    const here = held.keep(pickRows(xAdv, rows));
    const tested = await retest(model, here, Int32Array.from(pick(goal, rows)));
    held.free(here);
    rows = pick(rows, note(log, tested, rows, k, false).open);
    await tf.nextFrame(); // let messages out between steps
  }
  return {
    xAdv: held.give(xAdv),
    after: await retest(model, xAdv, goal),
    firstSuccess: log.firstSuccess,
    forward: log.forward.map((passes) => passes + 1),
    backward: log.backward,
    loss: log.loss,
  };
}
