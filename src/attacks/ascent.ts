/** Steps up the loss, image by image: the loop that I-FGSM, MI-FGSM and their kin share. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from './classifier.js';
import type { Held } from './held.js';
import { checkGradient, lossGradient } from './loss.js';
import { readTested, retest, type Tested } from './result.js';
import { pickRows, replaceRows } from './rows.js';
import { type Attacked, type Batch, isReached } from './run-attack.js';

/** Where the images of one step are. All tensors hold the same images in the same order. */
export interface Position {
  /** Clean images. */
  readonly x: Images;
  /** Where they are now. */
  readonly xt: Images;
  /** What the last step left, such as a momentum; the first step finds zeros. */
  readonly memory: Images;
}

export interface Ascent {
  /** Number of steps. */
  readonly steps: number;
  /** Give up an image as soon as it is adversarial. */
  readonly untilSuccess: boolean;
  /** Return the iterates too. */
  readonly record: boolean;
  /** The next point. `uphill` is ∇ₓJ at xt, with a target −∇ₓJ. It runs in a tidy. */
  readonly move: (
    from: Position,
    uphill: Images,
  ) => { readonly xt: Images; readonly memory?: Images };
}

/** Climbs from `start`, the shape of the batch. The best point of each image is kept: an adversarial
 *  one before others, then the one of higher loss (with a target: of lower loss). Images that are
 *  given up leave the batch, so that they cost nothing. */
export async function ascend(
  model: Classifier,
  batch: Batch,
  start: Images,
  { steps, untilSuccess, record, move }: Ascent,
  held: Held,
): Promise<Attacked> {
  const log = newLog(batch);
  const iterates: Images[] = [];
  let rows = [...batch.goal.keys()]; // the images that still climb
  let at = keepPosition(held, () => ({
    x: tf.clone(batch.x),
    xt: tf.clone(start),
    memory: tf.zerosLike(start),
  }));
  let best = held.keep(tf.clone(start));
  for (let t = 0; rows.length > 0; t++) {
    const { tested, gradient } = await look(model, at.xt, goals(batch, rows), t < steps, held);
    const { improved, open } = note(log, tested, rows, t, gradient !== null);
    best = swap(held, best, () =>
      replaceRows(best, pick(rows, improved), pickRows(at.xt, improved)),
    );
    if (record) iterates.push(held.keep(replaceRows(iterates.at(-1) ?? start, rows, at.xt)));
    if (gradient === null) break;
    const stay = untilSuccess ? open : [...rows.keys()];
    const from = at;
    rows = pick(rows, stay);
    at = keepPosition(held, () => {
      const here = pickPosition(from, stay);
      const uphill = tf.mul(pickRows(gradient, stay), batch.targeted ? -1 : 1);
      return { x: here.x, memory: here.memory, ...move(here, uphill) };
    });
    held.free(from.x, from.xt, from.memory, gradient);
    await tf.nextFrame(); // let messages out between steps
  }
  const after = await retest(model, best, batch.goal);
  return {
    xAdv: held.give(best),
    after,
    firstSuccess: log.firstSuccess,
    forward: log.forward.map((passes) => passes + 1),
    backward: log.backward,
    loss: log.loss,
    ...(record && { iterates: iterates.map(held.give) }),
  };
}

interface Log {
  readonly batch: Batch;
  readonly best: { isSuccess: boolean; score: number }[];
  readonly firstSuccess: number[];
  readonly forward: number[];
  readonly backward: number[];
  readonly loss: number[][];
}

function newLog(batch: Batch): Log {
  const all = <T>(make: () => T): T[] => Array.from(batch.goal, make);
  return {
    batch,
    best: all(() => ({ isSuccess: false, score: Number.NEGATIVE_INFINITY })),
    firstSuccess: all(() => -1),
    forward: all(() => 0),
    backward: all(() => 0),
    loss: [],
  };
}

/** Writes down what was seen after t steps. Both answers are places in `rows`: the images that were
 *  never better, and those that are not adversarial. */
function note(
  log: Log,
  { predicted, loss }: Tested,
  rows: readonly number[],
  t: number,
  withGradient: boolean,
): { readonly improved: number[]; readonly open: number[] } {
  const { goal, targeted } = log.batch;
  const [improved, open]: [number[], number[]] = [[], []];
  const losses = [...(log.loss.at(-1) ?? log.forward)];
  rows.forEach((i, place) => {
    const isSuccess = isReached(predicted[place] as number, goal[i] as number, targeted);
    const J = loss[place] as number;
    const point = { isSuccess, score: targeted ? -J : J };
    if (isBetter(point, log.best[i] as typeof point)) {
      log.best[i] = point;
      improved.push(place);
    }
    if (!isSuccess) open.push(place);
    else if (log.firstSuccess[i] === -1) log.firstSuccess[i] = t;
    losses[i] = J;
    log.forward[i] = (log.forward[i] as number) + 1;
    if (withGradient) log.backward[i] = (log.backward[i] as number) + 1;
  });
  log.loss.push(losses);
  return { improved, open };
}

function isBetter(point: Log['best'][number], than: Log['best'][number]): boolean {
  return point.isSuccess === than.isSuccess ? point.score > than.score : point.isSuccess;
}

/** Class and loss at xt, and on the way also the gradient. */
async function look(
  model: Classifier,
  xt: Images,
  goal: Int32Array,
  withGradient: boolean,
  held: Held,
): Promise<{ readonly tested: Tested; readonly gradient: Images | null }> {
  if (!withGradient) return { tested: await retest(model, xt, goal), gradient: null };
  const y = held.keep(tf.tensor1d(goal, 'int32'));
  const { Z, J, gradient } = lossGradient(model, xt, y);
  for (const tensor of [Z, J, gradient]) held.keep(tensor);
  const tested = await readTested(model, Z, J);
  await checkGradient(model, gradient);
  held.free(y, Z, J);
  return { tested, gradient };
}

function goals({ goal }: Batch, rows: readonly number[]): Int32Array {
  return Int32Array.from(rows, (i) => goal[i] as number);
}

function pick(rows: readonly number[], places: readonly number[]): number[] {
  return places.map((place) => rows[place] as number);
}

function pickPosition({ x, xt, memory }: Position, places: readonly number[]): Position {
  const part = (tensor: Images): Images => pickRows(tensor, places);
  return { x: part(x), xt: part(xt), memory: part(memory) };
}

function keepPosition(held: Held, make: () => Position): Position {
  const [x, xt, memory] = tf.tidy(() => {
    const made = make();
    return [made.x, made.xt, made.memory];
  }) as [Images, Images, Images];
  return { x: held.keep(x), xt: held.keep(xt), memory: held.keep(memory) };
}

function swap(held: Held, old: Images, make: () => Images): Images {
  const next = held.keep(tf.tidy(make));
  held.free(old);
  return next;
}
