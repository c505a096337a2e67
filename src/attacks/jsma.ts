/** JSMA, the attack along the saliency map of the Jacobian: Papernot, McDaniel, Jha, Fredrikson, Celik,
 *  Swami 2016 (arXiv:1511.07528, algorithm 3), as Carlini and Wagner 2017 write it (arXiv:1608.04644,
 *  section 4.3).
 *
 *    α_pq = Σ_{i ∈ {p,q}} ∂Z_t/∂x_i        β_pq = Σ_{i ∈ {p,q}} Σ_j ∂Z_j/∂x_i − α_pq
 *    (p*, q*) = argmax over p < q of (−α_pq · β_pq) · (α_pq > 0) · (β_pq < 0)
 *
 *  Both features of the pair move by θ, until the class is t. A feature at the end of the box leaves the
 *  search, and where no pair is left the attack gives up. This is JSMA-Z; JSMA-F takes the probabilities
 *  F in place of Z. As these sum to 1, there β_pq = −α_pq. With θ < 0 both conditions turn round.
 *
 *  The papers have targets alone. Without one, the class y is left: with y for t, the pair that lowers
 *  Z_y and raises the others is taken (Wiyatno, Xu 2018, arXiv:1808.07945). */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { newLog, note } from './ascent-log.js';
import type { Box, Classifier, Images, Labels } from './classifier.js';
import { type Held, holding } from './held.js';
import { entry } from './logits.js';
import { checkGradient, crossEntropy, type Loss } from './loss.js';
import { type AttackResult, readTested, retest, type Tested } from './result.js';
import { pick } from './rows.js';
import { type Attacked, type AttackOptions, type Batch, runAttack } from './run-attack.js';
import { saliencyPair } from './saliency-pair.js';
import { slopes } from './slopes.js';

export interface JsmaOptions extends AttackOptions {
  /** What the saliency map is made of: the logits (JSMA-Z), the default, or the probabilities
   *  (JSMA-F). */
  readonly outputs?: 'logits' | 'probabilities';
  /** θ, how far a feature moves at once, in the units of x; negative: downwards. Default 1. */
  readonly theta?: number;
  /** γ: there are at most γ · features / 2 steps, so that at most this share of the features changes.
   *  Default 1; Papernot et al. allow 0.145. */
  readonly gamma?: number;
  /** Return the images after each step too; default false. */
  readonly record?: boolean;
}

/** JSMA. x: [N, ...inputShape], float32 in the box; y: N classes. Colour channels count as features of
 *  their own, in pairs, in γ and in `norms.l0`. An image that cannot be fooled is returned as the last
 *  step left it. Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function jsma(
  model: Classifier,
  x: Images,
  y: Labels,
  { outputs = 'logits', theta = 1, gamma = 1, record = false, ...options }: JsmaOptions = {},
): Promise<AttackResult> {
  if (!Number.isFinite(theta) || theta === 0) {
    throw new UserError(`expected a theta that moves features, got ${theta}`, {
      hint: 'Pixels go to white by theta: 1, to black by theta: -1.',
    });
  }
  if (!(gamma > 0 && gamma <= 1)) {
    throw new UserError(`expected gamma above 0, at most 1, got ${gamma}`, {
      hint: 'It is a share of the features: 0.1 lets a tenth of them change.',
    });
  }
  return runAttack('jsma', model, x, y, options, (batch, held) =>
    walk(model, batch, { outputs, theta, gamma, record }, held),
  );
}

type Settings = Required<Pick<JsmaOptions, 'outputs' | 'theta' | 'gamma' | 'record'>>;

async function walk(
  model: Classifier,
  batch: Batch,
  { outputs, theta, gamma, record }: Settings,
  held: Held,
): Promise<Attacked> {
  const { x, goal, targeted, box } = batch;
  const size = x.size / goal.length;
  const steps = Math.floor((gamma * size) / 2);
  const sign = targeted === theta > 0 ? 1 : -1; // −1 where outputs of the goal are to fall along x
  const values = Float32Array.from(await x.data());
  const imageOf = (i: number): Float32Array => values.subarray(i * size, (i + 1) * size);
  const imagesOf = (some: readonly number[]): Images => {
    const part = new Float32Array(some.length * size);
    some.forEach((i, place) => {
      part.set(imageOf(i), place * size);
    });
    return held.keep(tf.tensor(part, [some.length, ...x.shape.slice(1)]));
  };
  const all = [...goal.keys()];
  const log = newLog(batch);
  const path: Images[] = [];
  let rows = all; // the images that still move
  for (let t = 0; rows.length > 0; t++) {
    if (record) path.push(imagesOf(all));
    const xt = imagesOf(rows);
    const labels = Int32Array.from(pick(goal, rows));
    const maps = t < steps ? MAPS[outputs] : [];
    const { tested, uphill } = await look(model, xt, labels, maps, sign);
    const { open } = note(log, tested, rows, t, maps.length > 0);
    held.free(xt);
    const [a, b = a] = uphill;
    if (a === undefined || b === undefined) break;
    const moved = open.filter((place) => {
      const part = (slope: Float32Array) => slope.subarray(place * size, (place + 1) * size);
      return movePair(imageOf(rows[place] as number), part(a), part(b), theta, box);
    });
    rows = pick(rows, moved);
    await tf.nextFrame(); // let messages out between steps
  }
  const xAdv = imagesOf(all);
  const after = await retest(model, xAdv, goal);
  const maps = MAPS[outputs].length;
  return {
    xAdv: held.give(xAdv),
    after,
    firstSuccess: log.firstSuccess,
    forward: log.forward.map((looks) => looks + 1),
    backward: log.backward.map((looks) => maps * looks),
    loss: log.loss,
    ...(record && { iterates: path.map(held.give) }),
  };
}

/** Moves the best pair of an image by θ in place, up to the end of the box; false where there is none.
 *  a, b: what each feature adds to α and to −β. */
function movePair(
  image: Float32Array,
  a: Float32Array,
  b: Float32Array,
  theta: number,
  [low, high]: Box,
): boolean {
  const open: number[] = [];
  image.forEach((value, i) => {
    if (theta > 0 ? value < high : value > low) open.push(i);
  });
  const pair = saliencyPair(a, b, open);
  for (const i of pair ?? []) {
    image[i] = Math.min(high, Math.max(low, (image[i] as number) + theta));
  }
  return pair !== undefined;
}

/** Sums of outputs whose gradients are α and −β of each feature. JSMA-F needs one: they are equal. */
const MAPS: { readonly [outputs in Settings['outputs']]: readonly Loss[] } = {
  logits: [entry, (Z, t) => tf.sub(entry(Z, t), tf.sum(Z, 1))],
  probabilities: [(Z, t) => entry(tf.softmax(Z), t)],
};

/** Class and loss at x, and the gradient of each map, times `sign`, as numbers. */
async function look(
  model: Classifier,
  x: Images,
  goal: Int32Array,
  maps: readonly Loss[],
  sign: number,
): Promise<{ readonly tested: Tested; readonly uphill: readonly Float32Array[] }> {
  if (maps.length === 0) return { tested: await retest(model, x, goal), uphill: [] };
  return holding(async (held) => {
    const y = held.keep(tf.tensor1d(goal, 'int32'));
    const sums = maps.map((map) => (Z: tf.Tensor2D) => map(Z, y));
    const found = slopes(model, x, sums);
    const Z = held.keep(found.Z);
    for (const slope of found.slopes) held.keep(slope);
    const tested = await readTested(model, Z, held.keep(tf.tidy(() => crossEntropy(Z, y))));
    const uphill: Float32Array[] = [];
    for (const slope of found.slopes) {
      await checkGradient(model, slope);
      uphill.push(Float32Array.from(await held.keep(tf.mul(slope, sign)).data()));
    }
    return { tested, uphill };
  });
}
