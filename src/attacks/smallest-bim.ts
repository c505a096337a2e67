/** I-FGSM with the smallest ε that fools each image, as Carlini and Wagner 2017 compare it
 *  (arXiv:1608.04644, section 8.1).
 *
 *  What it reaches in a ball it may reach in a larger one, so the range of ε is halved again and again. A
 *  step is as long as ε grows from one ball to the next. So the ball of number k holds no one back during
 *  the first k steps, which are the same in all larger balls: they are made once. */

import * as tf from '@tensorflow/tfjs-core';
import { checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { type EpsGrid, epsGrid, type SmallestEpsOptions } from './eps-grid.js';
import { type Held, swap } from './held.js';
import { flat } from './norm.js';
import { type AttackResult, retest, testWithGradient } from './result.js';
import { pick, pickRows, replaceRows, spread } from './rows.js';
import {
  type Aim,
  type Attacked,
  type Batch,
  isReached,
  pickAim,
  runAttack,
} from './run-attack.js';

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

/** Where the search of one image stands, in numbers of the grid. */
interface Search {
  /** The largest ε that is too small, and the smallest known to do. */
  readonly low: number;
  readonly high: number;
  /** The ε that is tried, and the steps made in its ball. */
  readonly ball: number;
  readonly t: number;
}

/** The next ε to try. It is larger than `low`, so its climb goes on from the first `low` steps. */
function next(low: number, high: number, levels: number): Search {
  const ball = high > levels ? levels : Math.floor((low + high) / 2);
  return { low, high, ball, t: low };
}

const isOpen = ({ low, high }: Search): boolean => high - low > 1;

/** Each image goes through its own search, and all that still search share the passes. */
async function halving(
  model: Classifier,
  batch: Batch,
  { steps, level, levels }: Settings,
  held: Held,
): Promise<Attacked> {
  const { x, goal, targeted } = batch;
  const isDone = (label: number, i: number) => isReached(label, goal[i] as number, targeted);
  const clean = await retest(model, x, goal);
  const searches = clean.predicted.map((label, i) =>
    next(0, isDone(label, i) ? 0 : levels + 1, levels),
  );
  const losses = clean.loss.map((J) => [J]); // [image][ε that was tried]
  const firstSuccess = searches.map(({ high }): number => (high === 0 ? 0 : -1));
  const passes = searches.map(() => 0);
  let xAdv = held.keep(tf.clone(x));
  let xt = held.keep(tf.clone(x));
  let edge = held.keep(tf.clone(x)); // after as many steps as the ball tried has room for
  let fork = held.keep(tf.clone(x)); // the same for the ball of number `low`
  for (;;) {
    const open = [...goal.keys()].filter((i) => isOpen(searches[i] as Search));
    if (open.length === 0) break;
    const aim = pickAim({ ...batch, x: xt }, open, held);
    const { tested, gradient } = await testWithGradient(model, aim.x, aim.goal, held);
    const start = held.keep(pickRows(x, open));
    const distances = await farthest(start, aim.x);
    const onward = held.keep(stepOn(aim, gradient, start, pick(searches, open), level));
    const atEdge = open.filter((i) => searches[i]?.t === searches[i]?.ball);
    const [kept, missed, again] = [[], [], []] as [number[], number[], number[]];
    open.forEach((i, place) => {
      const { low, high, ball, t } = searches[i] as Search;
      passes[i] = (passes[i] as number) + 1;
      const isHit = isDone(tested.predicted[place] as number, i);
      if (!isHit && t < steps) {
        searches[i] = { low, high, ball, t: t + 1 };
        return;
      }
      again.push(i);
      const tried = losses[i] as number[];
      tried.push(tested.loss[place] as number);
      if (isHit || ball === levels) kept.push(i);
      if (isHit && firstSuccess[i] === -1) firstSuccess[i] = tried.length - 1;
      if (!isHit) missed.push(i);
      const reached = Math.ceil((distances[place] as number) / level - ROUNDING);
      searches[i] = isHit ? next(low, Math.min(ball, reached), levels) : next(ball, high, levels);
    });
    const copy = (rows: Images, images: readonly number[], from: Images): Images =>
      swap(held, rows, () => replaceRows(rows, images, pickRows(from, images)));
    xAdv = copy(xAdv, kept, xt);
    edge = copy(edge, atEdge, xt);
    fork = copy(fork, missed, edge);
    xt = swap(held, xt, () => replaceRows(xt, open, onward));
    xt = copy(xt, again, fork);
    held.free(aim.x, gradient, start, onward);
    await tf.nextFrame(); // let messages out between steps
  }
  const after = await retest(model, xAdv, goal);
  const rounds = Math.max(...losses.map((one) => one.length));
  return {
    xAdv: held.give(xAdv),
    after,
    firstSuccess,
    forward: passes.map((count) => count + 2), // the test of x, and the last one
    backward: passes,
    loss: Array.from({ length: rounds }, (_, k) =>
      losses.map((one) => one[Math.min(k, one.length - 1)] as number),
    ),
  };
}

/** A distance of so much more than k levels counts as k. */
const ROUNDING = 1e-3;

/** ‖η‖∞ of each image. */
async function farthest(x: Images, xt: Images): Promise<ArrayLike<number>> {
  const lengths = tf.tidy(() => tf.max(flat(tf.abs(tf.sub(xt, x))), 1));
  const values = await lengths.data();
  lengths.dispose();
  return values;
}

/** One step of each image, in the ball that it tries. */
function stepOn(
  { x: xt, targeted, box }: Aim,
  gradient: Images,
  x: Images,
  searches: readonly Search[],
  level: number,
): Images {
  return tf.tidy(() => {
    const eps = spread(
      searches.map(({ ball }) => ball * level),
      x,
    );
    const moved = tf.add(xt, tf.mul(tf.sign(gradient), targeted ? -level : level));
    const inBall = tf.maximum(tf.minimum(moved, tf.add(x, eps)), tf.sub(x, eps));
    return tf.clipByValue(inBall, ...box);
  });
}
