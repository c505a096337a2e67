/** I-FGSM with the smallest ε that fools each image, as Carlini and Wagner 2017 compare it
 *  (arXiv:1608.04644, section 8.1).
 *
 *  What it reaches in a ball it may reach in a larger one, so the range of ε is halved again and again. */

import * as tf from '@tensorflow/tfjs-core';
import { type Ascended, type Ascent, ascend } from './ascent.js';
import { checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { type EpsGrid, epsGrid, type SmallestEpsOptions } from './eps-grid.js';
import { type Held, holding, swap } from './held.js';
import { type AttackResult, perturbationNorms, retest } from './result.js';
import { pick, pickRows, replaceEntries, replaceRows, spread } from './rows.js';
import { type Attacked, type Batch, isReached, pickAim, runAttack } from './run-attack.js';

export interface SmallestBimOptions extends SmallestEpsOptions {
  /** Most steps for each ε that is tried, each of them one ε of the grid long; default 100. */
  readonly steps?: number;
}

/** I-FGSM in the max norm with the smallest ε of a grid, for each image. x: [N, ...inputShape], float32
 *  in the box; y: N classes. `firstSuccess` counts the ε that were tried, the largest first, and `loss`
 *  goes over them; 0 is the image itself. An image that the largest ε does not fool is returned as that
 *  left it. Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function smallestBim(
  model: Classifier,
  x: Images,
  y: Labels,
  { steps = 100, ...options }: SmallestBimOptions = {},
): Promise<AttackResult> {
  const grid = epsGrid(options);
  checkSteps(steps);
  return runAttack('smallest-bim', model, x, y, options, (batch, held) =>
    halving(model, batch, { ...grid, steps }, held),
  );
}

type Settings = EpsGrid & { readonly steps: number };

/** The search of one image, in numbers of the grid: the largest ε that is too small, and the smallest
 *  known to do. */
interface Search {
  readonly low: number;
  readonly high: number;
}

async function halving(
  model: Classifier,
  batch: Batch,
  { steps, ...grid }: Settings,
  held: Held,
): Promise<Attacked> {
  const { x, goal, targeted } = batch;
  const { level, levels } = grid;
  const isDone = (label: number, i: number) => isReached(label, goal[i] as number, targeted);
  const clean = await retest(model, x, goal);
  const searches = clean.predicted.map(
    (label, i): Search => ({ low: 0, high: isDone(label, i) ? 0 : levels + 1 }),
  );
  const firstSuccess = searches.map(({ high }): number => (high === 0 ? 0 : -1));
  const forward = searches.map(() => 2); // the test of x, and the last one
  const backward = searches.map(() => 0);
  const loss: (readonly number[])[] = [clean.loss];
  let xAdv = held.keep(tf.clone(x));
  for (let round = 1; ; round++) {
    const rows = [...goal.keys()].filter((i) => width(searches[i] as Search) > 1);
    if (rows.length === 0) break;
    const tried = pick(searches, rows).map(({ low, high }) =>
      high > levels ? levels : Math.floor((low + high) / 2),
    );
    const balls = tried.map((k) => k * level);
    const { ends, climbed, distances } = await climb(model, batch, rows, balls, level, steps, held);
    const kept: number[] = []; // places in `rows`
    rows.forEach((i, place) => {
      const [k, { low, high }] = [tried[place] as number, searches[i] as Search];
      const isEnough = isDone(climbed.after.predicted[place] as number, i);
      const reached = Math.ceil((distances[place] as number) / level - ROUNDING);
      searches[i] = isEnough ? { low, high: Math.min(k, reached) } : { low: k, high };
      if (isEnough || k === levels) kept.push(place);
      if (isEnough && firstSuccess[i] === -1) firstSuccess[i] = round;
      forward[i] = (forward[i] as number) + (climbed.forward[place] as number);
      backward[i] = (backward[i] as number) + (climbed.backward[place] as number);
    });
    xAdv = swap(held, xAdv, () => replaceRows(xAdv, pick(rows, kept), pickRows(ends, kept)));
    held.free(ends);
    loss.push(replaceEntries(loss.at(-1) ?? [], rows, climbed.after.loss));
  }
  const after = await retest(model, xAdv, goal);
  return { xAdv: held.give(xAdv), after, firstSuccess, forward, backward, loss };
}

/** A distance of so much more than k levels counts as k. */
const ROUNDING = 1e-3;

function width({ low, high }: Search): number {
  return high - low;
}

/** I-FGSM from these images of the batch, each in a ball of its own. */
async function climb(
  model: Classifier,
  batch: Batch,
  rows: readonly number[],
  balls: readonly number[],
  alpha: number,
  steps: number,
  held: Held,
): Promise<{
  readonly ends: Images;
  readonly climbed: Ascended;
  readonly distances: readonly number[];
}> {
  return holding(async (inner) => {
    const aim = pickAim(batch, rows, inner);
    const move: Ascent['move'] = ({ x, xt }, uphill, { rows: places }) => {
      const eps = spread(pick(balls, places), x);
      const moved = tf.add(xt, tf.mul(tf.sign(uphill), alpha));
      const inBall = tf.maximum(tf.minimum(moved, tf.add(x, eps)), tf.sub(x, eps));
      return { xt: tf.clipByValue(inBall, ...batch.box) };
    };
    const ascent = { steps, untilSuccess: true, iterates: 'none', move } as const;
    const climbed = await ascend(model, aim, aim.x, ascent, inner);
    const ends = held.keep(climbed.xAdv);
    return { ends, climbed, distances: (await perturbationNorms(aim.x, ends)).linf };
  });
}
