/** From real numbers to the values that a file of pixels can hold, Carlini, Wagner 2017
 *  (arXiv:1608.04644, section 5.3). Rounding may undo an attack, the more so the smaller its
 *  perturbation. What it undid is repaired on the lattice: the feature with the steepest slope moves by
 *  one level, one feature at a time, until the image is adversarial again. No feature moves back: between
 *  two classes that are level the steepest slope points to and fro. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { type Box, type Classifier, type Images, type Labels, PIXELS } from './classifier.js';
import { type Held, swap } from './held.js';
import { shortfall, shortfallSlope } from './margin.js';
import { flat } from './norm.js';
import { type AttackResult, retest } from './result.js';
import { pickRows, replaceEntries, replaceRows } from './rows.js';
import {
  type Aim,
  type Attacked,
  type AttackOptions,
  isReached,
  pickAim,
  runAttack,
} from './run-attack.js';

export interface DiscretiseOptions extends AttackOptions {
  /** Steps from one end of the box to the other; default 255, the pixels of 8 bits. */
  readonly levels?: number;
  /** Most moves to repair one image; default 100, and 0 to round alone. */
  readonly repair?: number;
}

/** The result of an attack on x, rounded, repaired and tested again. x: [N, ...inputShape], float32 in
 *  the box; y, target and box: as they were given to the attack. Only images are repaired that were
 *  adversarial before. `firstSuccess` is the number of moves that were enough, `loss` by how many logits
 *  the aim is missed after each move, and the passes are those spent here.
 *  Throws UserError on a result of other images, a box without bounds, or levels that are no number of
 *  steps. */
export async function discretise(
  model: Classifier,
  x: Images,
  y: Labels,
  attacked: AttackResult,
  { levels = 255, repair = 100, ...options }: DiscretiseOptions = {},
): Promise<AttackResult> {
  const { attack, xAdv, success } = attacked;
  const lattice = latticeOf(options.box ?? PIXELS, levels);
  checkRepair(repair);
  if (String(xAdv.shape) !== String(x.shape)) {
    throw new UserError(
      `expected the result of an attack on images of shape [${x.shape.join(', ')}], got [${xAdv.shape.join(', ')}]`,
      { hint: 'Give the images that were attacked, all of them.' },
    );
  }
  return runAttack(`${attack}, discrete`, model, x, y, options, async (batch, held) => {
    const { start, goal } = batch;
    const rounded = held.keep(tf.tidy(() => lattice.round(tf.slice(xAdv, start, goal.length))));
    const wasReached = success.slice(start, start + goal.length);
    return repaired(model, batch, { rounded, wasReached, lattice, repair }, held);
  });
}

interface Lattice {
  /** The width of one level. */
  readonly step: number;
  readonly round: (image: Images) => Images;
}

function latticeOf([low, high]: Box, levels: number): Lattice {
  if (!Number.isInteger(levels) || levels < 1 || !Number.isFinite(high - low)) {
    throw new UserError(
      `expected a whole number of levels, from 1, in a box with bounds, got ${levels} in [${low}, ${high}]`,
      { hint: 'Pixels of 8 bits are levels: 255 in the box [0, 1].' },
    );
  }
  const width = high - low;
  return {
    step: width / levels,
    round: (image) => {
      const level = tf.round(tf.mul(tf.div(tf.sub(image, low), width), levels));
      return tf.add(tf.mul(tf.div(level, levels), width), low);
    },
  };
}

function checkRepair(repair: number): void {
  if (Number.isInteger(repair) && repair >= 0) return;
  throw new UserError(`expected a whole number of moves to repair an image, got ${repair}`, {
    hint: 'Rounding alone is repair: 0.',
  });
}

interface Rounded {
  readonly rounded: Images;
  readonly wasReached: readonly boolean[];
  readonly lattice: Lattice;
  readonly repair: number;
}

async function repaired(
  model: Classifier,
  batch: Aim,
  { rounded, wasReached, lattice, repair }: Rounded,
  held: Held,
): Promise<Attacked> {
  const { goal, targeted } = batch;
  const f = shortfall(targeted);
  const reaches = (predicted: number, i: number) =>
    isReached(predicted, goal[i] as number, targeted);
  let xAdv = held.keep(tf.clone(rounded));
  let after = await retest(model, xAdv, goal, f);
  const loss = [after.loss];
  const firstSuccess: number[] = after.predicted.map((label, i) => (reaches(label, i) ? 0 : -1));
  const passes = after.predicted.map(() => 0);
  let open = [...goal.keys()].filter((i) => firstSuccess[i] === -1 && wasReached[i]);
  for (let move = 1; move <= repair && open.length > 0; move++) {
    const aim = pickAim({ ...batch, x: xAdv }, open, held);
    const from = held.keep(pickRows(rounded, open));
    const moved = held.keep(await stepDown(model, aim, from, lattice));
    xAdv = swap(held, xAdv, () => replaceRows(xAdv, open, moved));
    const now = await retest(model, moved, aim.goal, f);
    held.free(aim.x, from, moved);
    after = {
      predicted: replaceEntries(after.predicted, open, now.predicted),
      loss: replaceEntries(after.loss, open, now.loss),
    };
    loss.push(after.loss);
    for (const i of open) passes[i] = move;
    const done = open.filter((i) => reaches(after.predicted[i] as number, i));
    for (const i of done) firstSuccess[i] = move;
    open = open.filter((i) => !done.includes(i));
  }
  return {
    xAdv: held.give(xAdv),
    after,
    firstSuccess,
    forward: passes.map((moves) => 1 + 2 * moves), // the test of the rounded image; a slope and a test
    backward: passes,
    loss,
  };
}

/** The images with one feature moved by one level, away from where it was at first: of those with room
 *  that with the steepest slope. */
async function stepDown(
  model: Classifier,
  { x, goal, targeted, box: [low, high] }: Aim,
  from: Images,
  { step, round }: Lattice,
): Promise<Images> {
  const gradient = await shortfallSlope(model, x, goal, targeted);
  const next = tf.tidy(() => {
    const downhill = tf.neg(tf.sign(gradient));
    const moved = round(tf.add(x, tf.mul(downhill, step)));
    const isInside = tf.logicalAnd(tf.lessEqual(moved, high), tf.greaterEqual(moved, low));
    const goesOn = tf.greater(tf.abs(tf.sub(moved, from)), tf.abs(tf.sub(x, from)));
    const hasRoom = tf.logicalAnd(isInside, goesOn);
    const slope = flat(tf.where(hasRoom, tf.abs(gradient), tf.zerosLike(x)));
    const steepest = tf.oneHot(tf.argMax(slope, 1), slope.shape[1], 1, 0, 'bool');
    return tf.where(tf.logicalAnd(tf.reshape(steepest, x.shape), hasRoom), moved, x);
  });
  gradient.dispose();
  return next;
}
