/** Steps up the loss, image by image: the loop that I-FGSM, MI-FGSM, PGD and their kin share. */

import * as tf from '@tensorflow/tfjs-core';
import { isBetter, NOWHERE, newLog, note, type Standing } from './ascent-log.js';
import type { Classifier, Images } from './classifier.js';
import { type Held, swap } from './held.js';
import { crossEntropy } from './loss.js';
import { retest, type Tested, testWithGradient } from './result.js';
import { pick, pickRows, replaceRows } from './rows.js';
import type { Aim, Attacked } from './run-attack.js';

/** Where the images of one step are. All tensors hold the same images in the same order. */
export interface Position {
  /** Clean images. */
  readonly x: Images;
  /** Where they are now. */
  readonly xt: Images;
  /** What the last step left, such as a momentum; the first step finds nothing. */
  readonly memory: readonly Images[];
}

/** What else is known of these images, in the same order. */
export interface Seen {
  /** Steps made so far. */
  readonly t: number;
  /** Their places in the batch. */
  readonly rows: readonly number[];
  /** What the climb raises: the loss at xt, with a target its negative. */
  readonly score: readonly number[];
}

export interface Ascent {
  /** Number of steps. */
  readonly steps: number;
  /** Give up an image as soon as it is adversarial. */
  readonly untilSuccess: boolean;
  /** Count the start among the points of which the best is kept; default false. */
  readonly startCounts?: boolean;
  /** Which iterates to return. */
  readonly iterates: 'none' | 'last' | 'every';
  /** Loss of the images at these places of the batch towards their goals; default cross-entropy. */
  readonly loss?: (Z: tf.Tensor2D, goal: tf.Tensor1D, rows: readonly number[]) => tf.Tensor1D;
  /** The next point. `uphill` is ∇ₓJ at xt, with a target −∇ₓJ. It runs in a tidy. */
  readonly move: (
    from: Position,
    uphill: Images,
    seen: Seen,
  ) => { readonly xt: Images; readonly memory?: readonly Images[] };
}

/** What an ascent has to say of its images. */
export interface Ascended extends Attacked {
  /** How good each `xAdv` is. */
  readonly best: readonly Standing[];
}

/** Climbs from `start`, the shape of the images. The best point of each image is kept: an adversarial
 *  one before others, then the one of higher loss (with a target: of lower loss). The start does not
 *  count unless the image is given up there: so one step is FGSM, also where it lowers the loss. Images
 *  that are given up leave the batch, so that they cost nothing. */
export async function ascend(
  model: Classifier,
  aim: Aim,
  start: Images,
  { steps, untilSuccess, startCounts = false, iterates, loss = crossEntropy, move }: Ascent,
  held: Held,
): Promise<Ascended> {
  const log = newLog(aim);
  const best: Standing[] = Array.from(aim.goal, () => NOWHERE);
  const path: Images[] = [];
  let rows = [...aim.goal.keys()]; // the images that still climb
  let at = keepPosition(held, () => ({ x: tf.clone(aim.x), xt: tf.clone(start), memory: [] }));
  let xAdv = held.keep(tf.clone(start));
  for (let t = 0; rows.length > 0; t++) {
    const seen = await look(model, aim, at.xt, { rows, loss, withGradient: t < steps }, held);
    const { gradient } = seen;
    const { points, open } = note(log, seen.tested, rows, t, gradient !== null);
    const improved = [...rows.keys()].filter((place) => {
      const point = points[place] as Standing;
      const counts = t > 0 || startCounts || (untilSuccess && point.isSuccess);
      return counts && isBetter(point, best[rows[place] as number] as Standing);
    });
    for (const place of improved) best[rows[place] as number] = points[place] as Standing;
    xAdv = swap(held, xAdv, () =>
      replaceRows(xAdv, pick(rows, improved), pickRows(at.xt, improved)),
    );
    if (iterates !== 'none') {
      const now = held.keep(replaceRows(path.at(-1) ?? start, rows, at.xt));
      if (iterates === 'last') held.free(...path.splice(0));
      path.push(now);
    }
    if (gradient === null) break;
    const stay = untilSuccess ? open : [...rows.keys()];
    rows = pick(rows, stay);
    const from = at;
    at = keepPosition(held, () => {
      const here = pickPosition(from, stay);
      const slope = pickRows(gradient, stay);
      const uphill = aim.targeted ? tf.neg(slope) : slope;
      return {
        x: here.x,
        memory: [],
        ...move(here, uphill, { t, rows, score: pick(points, stay).map(({ score }) => score) }),
      };
    });
    held.free(from.x, from.xt, ...from.memory, gradient);
    await tf.nextFrame(); // let messages out between steps
  }
  const after = await retest(model, xAdv, aim.goal, (Z, goal) =>
    loss(Z, goal, [...aim.goal.keys()]),
  );
  return {
    xAdv: held.give(xAdv),
    after,
    best,
    firstSuccess: log.firstSuccess,
    forward: log.forward.map((passes) => passes + 1),
    backward: log.backward,
    loss: log.loss,
    ...(iterates !== 'none' && { iterates: path.map(held.give) }),
  };
}

/** Class and loss at xt, and on the way also the gradient. */
async function look(
  model: Classifier,
  aim: Aim,
  xt: Images,
  {
    rows,
    loss,
    withGradient,
  }: {
    readonly rows: readonly number[];
    readonly loss: NonNullable<Ascent['loss']>;
    readonly withGradient: boolean;
  },
  held: Held,
): Promise<{ readonly tested: Tested; readonly gradient: Images | null }> {
  const goal = Int32Array.from(pick(aim.goal, rows));
  const J = (Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D => loss(Z, y, rows);
  if (!withGradient) return { tested: await retest(model, xt, goal, J), gradient: null };
  return testWithGradient(model, xt, goal, held, J);
}

function pickPosition({ x, xt, memory }: Position, places: readonly number[]): Position {
  const part = (tensor: Images): Images => pickRows(tensor, places);
  return { x: part(x), xt: part(xt), memory: memory.map(part) };
}

function keepPosition(held: Held, make: () => Position): Position {
  const [x, xt, ...memory] = tf.tidy(() => {
    const made = make();
    return [made.x, made.xt, ...made.memory];
  }) as [Images, Images, ...Images[]];
  for (const tensor of [x, xt, ...memory]) held.keep(tensor);
  return { x, xt, memory };
}
