/** DeepFool, Moosavi-Dezfooli, Fawzi, Frossard 2016 (arXiv:1511.04599, algorithm 2).
 *
 *  Each step takes the classifier for linear. With w_k = ∇Z_k − ∇Z_y and f_k = Z_k − Z_y the border
 *  to class k lies |f_k| / ‖w_k‖_q away, and the image moves onto the nearest one, l:
 *
 *    L2 (q = 2):  r = |f_l| / ‖w_l‖₂² · w_l        L∞ (q = 1):  r = |f_l| / ‖w_l‖₁ · sign w_l
 *
 *  From the clean image it goes (1 + overshoot) times the sum of the r, until its class changes. As
 *  in the authors' code each r is longer by 10⁻⁴. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import type { Held } from './held.js';
import { entry } from './logits.js';
import { checkGradient, crossEntropy } from './loss.js';
import { steepest } from './norm.js';
import { type AttackResult, readTested, retest, type Tested } from './result.js';
import { pickRows, replaceEntries, replaceRows } from './rows.js';
import { type Attacked, type AttackOptions, type Batch, runAttack } from './run-attack.js';
import { type OfLogits, slopes } from './slopes.js';

export interface DeepFoolOptions extends Omit<AttackOptions, 'target'> {
  /** The distance to keep small; default `l2`. */
  readonly norm?: 'linf' | 'l2';
  /** Most steps for one image; default 50. */
  readonly steps?: number;
  /** How much further than the border; default 0.02. */
  readonly overshoot?: number;
  /** How many classes to look at, the likeliest first; default 10. */
  readonly candidates?: number;
}

/** DeepFool. x: [N, ...inputShape], float32 in the box; y: N classes, to be left: an image with
 *  another class is returned as it is. An image that keeps its class for all steps is returned where
 *  it ended. Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function deepFool(
  model: Classifier,
  x: Images,
  y: Labels,
  { norm = 'l2', steps = 50, overshoot = 0.02, candidates = 10, ...options }: DeepFoolOptions = {},
): Promise<AttackResult> {
  checkSteps(steps);
  if (!(overshoot >= 0 && overshoot < Number.POSITIVE_INFINITY)) {
    throw new UserError(`expected an overshoot from 0, got ${overshoot}`, {
      hint: 'Leave it out to take 0.02.',
    });
  }
  if (!Number.isInteger(candidates) || candidates < 2) {
    throw new UserError(`expected at least 2 candidates, got ${candidates}`, {
      hint: 'The first candidate is the class of the image itself.',
    });
  }
  const settings = { norm, steps, overshoot, candidates: Math.min(candidates, model.classes) };
  return runAttack('deep-fool', model, x, y, options, (batch, held) =>
    walk(model, batch, settings, held),
  );
}

type Settings = Required<Pick<DeepFoolOptions, 'norm' | 'steps' | 'overshoot' | 'candidates'>>;

async function walk(
  model: Classifier,
  { x, goal, box }: Batch,
  { norm, steps, overshoot, candidates }: Settings,
  held: Held,
): Promise<Attacked> {
  const count = goal.length;
  const [firstSuccess, forward, backward] = [filled(count, -1), filled(count, 0), filled(count, 0)];
  const loss: number[][] = [];
  let xAdv = held.keep(tf.clone(x));
  let total = held.keep(tf.zerosLike(x)); // the sum of the r
  let rows = [...goal.keys()];
  for (let t = 0; ; t++) {
    const labels = Int32Array.from(rows, (i) => goal[i] as number);
    const xt = held.keep(pickRows(xAdv, rows));
    const { Z, tested } = await test(model, xt, labels, held);
    loss.push(replaceEntries(loss.at(-1) ?? filled(count, 0), rows, tested.loss));
    const open: number[] = [];
    rows.forEach((i, place) => {
      forward[i] = (forward[i] as number) + 1;
      if (tested.predicted[place] === labels[place]) open.push(place);
      else firstSuccess[i] = t;
    });
    if (open.length === 0 || t === steps) break;

    const still = held.keep(pickRows(xt, open));
    const scores = held.keep(pickRows(Z, open));
    const r = held.keep(toBorder(model, still, scores, norm, candidates));
    await checkGradient(model, r);
    rows = open.map((place) => rows[place] as number);
    for (const i of rows) {
      forward[i] = (forward[i] as number) + 1;
      backward[i] = (backward[i] as number) + candidates - 1;
    }
    const [nextTotal, nextX] = tf.tidy(() => {
      const sum = tf.add(pickRows(total, rows), r);
      const moved = tf.add(pickRows(x, rows), tf.mul(sum, 1 + overshoot));
      return [
        replaceRows(total, rows, sum),
        replaceRows(xAdv, rows, tf.clipByValue(moved, ...box)),
      ];
    }) as [Images, Images];
    held.free(total, xAdv, xt, Z, still, scores, r);
    [total, xAdv] = [held.keep(nextTotal), held.keep(nextX)];
    await tf.nextFrame(); // let messages out between steps
  }
  const after = await retest(model, xAdv, goal);
  return {
    xAdv: held.give(xAdv),
    after,
    firstSuccess,
    forward: forward.map((passes) => passes + 1),
    backward,
    loss,
  };
}

/** The r of each image, the shape of x. Z: [n, classes] at x, where each image has its class to leave. */
function toBorder(
  model: Classifier,
  x: Images,
  Z: tf.Tensor2D,
  norm: 'linf' | 'l2',
  candidates: number,
): Images {
  return tf.tidy(() => {
    const { values, indices } = tf.topk(Z, candidates) as { [name: string]: tf.Tensor2D };
    const [own, others] = tf.split(indices as tf.Tensor2D, [1, candidates - 1], 1);
    const [first, next] = tf.split(values as tf.Tensor2D, [1, candidates - 1], 1);
    const w = slopesTo(model, x, own as tf.Tensor2D, others as tf.Tensor2D);
    const size = norm === 'l2' ? tf.sqrt(tf.sum(tf.square(w), 2)) : tf.sum(tf.abs(w), 2);
    const f = tf.sub(first as tf.Tensor2D, next as tf.Tensor2D);
    const distances = tf.div(f, tf.maximum(size, 1e-12)); // [n, candidates − 1]
    const nearest = tf.squeeze(tf.gather(w, tf.argMin(distances, 1).expandDims(1), 1, 1), [1]);
    const length = tf.add(tf.min(distances, 1, true), 1e-4);
    return tf.reshape(tf.mul(steepest(nearest, norm), length), x.shape);
  });
}

/** About so many rows go through the model at once: several classes of few images together. */
const ROWS = 150;

/** ∇ₓ(Z_k − Z_y) of each image, [n, classes, features]. y: [n, 1]; k: [n, classes]. */
function slopesTo(model: Classifier, x: Images, y: tf.Tensor2D, k: tf.Tensor2D): tf.Tensor3D {
  const [n, classes] = k.shape;
  // Of each image, one for each class of a pass.
  const copies = Math.ceil(classes / Math.ceil((n * classes) / ROWS));
  const firsts = [...Array(Math.ceil(classes / copies)).keys()].map((pass) => pass * copies);
  const shape = x.shape.slice(1);
  const tiled = tf.tile(tf.expandDims(x, 1), [1, copies, ...shape.map(() => 1)]);
  const from = tf.tile(y, [1, copies]).flatten() as tf.Tensor1D;
  const twice = tf.tile(k, [1, 2]); // the last pass is filled with the first classes again
  const leads = firsts.map((first): OfLogits => {
    const to = tf.slice(twice, [0, first], [n, copies]).flatten() as tf.Tensor1D;
    return (Z) => tf.sub(entry(Z, to), entry(Z, from));
  });
  const found = slopes(model, tf.reshape(tiled, [n * copies, ...shape]), leads);
  const parts = found.slopes.map((slope) => tf.reshape(slope, [n, copies, -1]) as tf.Tensor3D);
  const all = tf.slice(tf.concat(parts, 1), [0, 0, 0], [n, classes, -1]);
  tf.dispose([found.Z, ...found.slopes]);
  return all;
}

async function test(
  model: Classifier,
  x: Images,
  labels: Int32Array,
  held: Held,
): Promise<{ readonly Z: tf.Tensor2D; readonly tested: Tested }> {
  const Z = held.keep(tf.tidy(() => model.logits(x)));
  const J = held.keep(tf.tidy(() => crossEntropy(Z, tf.tensor1d(labels, 'int32'))));
  const tested = await readTested(model, Z, J);
  held.free(J);
  return { Z, tested };
}

function filled(count: number, value: number): number[] {
  return new Array<number>(count).fill(value);
}
