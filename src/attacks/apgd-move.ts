/** The step of APGD, Croce and Hein 2020 (arXiv:2003.01690, algorithm 1).
 *
 *    z_{k+1} = P_S( x_k + η_k ∇f(x_k) )
 *    x_{k+1} = P_S( x_k + α (z_{k+1} − x_k) + (1 − α) (x_k − x_{k−1}) ),   α = 0.75, at first 1
 *
 *  with η_0 = 2ε. At the checkpoints w_j an image whose climb has stalled halves its η and goes back to
 *  the highest point that it has seen. ∇f is the steepest direction of the norm, as in the authors'
 *  code. */

import * as tf from '@tensorflow/tfjs-core';
import type { Ascent } from './ascent.js';
import { type Ball, backInto } from './ball.js';
import type { Box, Images } from './classifier.js';
import { steepest } from './norm.js';
import { pickRows, replaceRows } from './rows.js';

/** The share of the new direction; the rest is momentum. */
const ALPHA = 0.75;
/** ρ: an η is good while at least this share of its steps go up. */
const RHO = 0.75;

export interface ApgdBall extends Ball {
  readonly norm: 'linf' | 'l2';
}

/** The move of a climb of `count` images and this number of steps. */
export function apgdMove(
  ball: ApgdBall,
  box: Box,
  { steps, count }: { readonly steps: number; readonly count: number },
): Ascent['move'] {
  const isCheckpoint = new Set(checkpoints(steps));
  const paces = Array.from({ length: count }, () => newPace(2 * ball.eps));
  return ({ x, xt, memory }, uphill, { t, rows, score }) => {
    const [before = xt, oldTop = xt, oldSlope = uphill] = memory;
    const [risen, stalled]: [number[], number[]] = [[], []];
    rows.forEach((i, place) => {
      const pace = paces[i] as Pace;
      if (rise(pace, score[place] as number)) risen.push(place);
      if (isCheckpoint.has(t) && hasStalled(pace, t)) stalled.push(place);
    });
    const top = replaceRows(oldTop, risen, pickRows(xt, risen));
    const slope = replaceRows(oldSlope, risen, pickRows(uphill, risen));
    const here = replaceRows(xt, stalled, pickRows(top, stalled));
    const g = replaceRows(uphill, stalled, pickRows(slope, stalled));

    const eta = perImage(
      rows.map((i) => (paces[i] as Pace).eta),
      x,
    );
    const z = backInto(x, tf.add(here, tf.mul(eta, steepest(g, ball.norm))), ball, box);
    const momentum = tf.mul(tf.sub(here, before), 1 - ALPHA);
    const next = tf.add(here, tf.add(tf.mul(tf.sub(z, here), ALPHA), momentum));
    return { xt: t === 0 ? z : backInto(x, next, ball, box), memory: [here, top, slope] };
  };
}

/** w_j = ⌈p_j · steps⌉ with p_0 = 0, p_1 = 0.22, p_{j+1} = p_j + max(p_j − p_{j−1} − 0.03, 0.06), below
 *  `steps`. The p_j are counted in hundredths, so that nothing is rounded before ⌈ ⌉. */
export function checkpoints(steps: number): number[] {
  const found: number[] = [];
  for (let [last, p] = [0, 22]; p < 100; [last, p] = [p, p + Math.max(p - last - 3, 6)]) {
    found.push(Math.ceil((p * steps) / 100));
  }
  return found;
}

/** How an image gets on. */
interface Pace {
  /** η */
  eta: number;
  /** f at the last point. */
  last: number;
  /** The highest f so far. */
  top: number;
  /** Since the last checkpoint: steps that went up. */
  rises: number;
  /** At the last checkpoint: the steps made, the highest f, and whether η was halved. */
  checked: { readonly t: number; readonly top: number; readonly halved: boolean };
}

function newPace(eta: number): Pace {
  const low = Number.NEGATIVE_INFINITY;
  const rises = -1; // the start will count as one
  return { eta, last: low, top: low, rises, checked: { t: 0, top: low, halved: false } };
}

/** Notes f at the present point; true when it is the highest so far. */
function rise(pace: Pace, f: number): boolean {
  if (f > pace.last) pace.rises++;
  pace.last = f;
  if (!(f > pace.top)) return false;
  pace.top = f;
  return true;
}

/** At a checkpoint after t steps: halves η if fewer than ρ of the steps went up (condition 1), or if
 *  neither η nor the highest f has changed since the last checkpoint (condition 2; as in the authors'
 *  code, there must have been one). */
function hasStalled(pace: Pace, t: number): boolean {
  const { checked } = pace;
  const tooFew = pace.rises < RHO * (t - checked.t);
  const unchanged = !checked.halved && pace.top === checked.top;
  const halved = tooFew || unchanged;
  if (halved) {
    pace.eta /= 2;
    pace.last = pace.top;
  }
  pace.checked = { t, top: pace.top, halved };
  pace.rises = 0;
  return halved;
}

/** One number per image, in a shape that multiplies x. */
function perImage(values: readonly number[], x: Images): tf.Tensor {
  return tf.tensor([...values], [values.length, ...x.shape.slice(1).map(() => 1)]);
}
