/** The step of APGD, Croce and Hein 2020 (arXiv:2003.01690, algorithm 1).
 *
 *    z_{k+1} = P_S( x_k + η_k ∇f(x_k) )
 *    x_{k+1} = P_S( x_k + α (z_{k+1} − x_k) + (1 − α) (x_k − x_{k−1}) ),   α = 0.75, at first 1
 *
 *  with η_0 = 2ε. At the checkpoints w_j an image whose climb has stalled halves its η and goes back to
 *  the highest point that it has seen. ∇f is the steepest direction of the norm, as in the authors'
 *  code. */

import * as tf from '@tensorflow/tfjs-core';
import { checkpoints, hasStalled, newPace, noteRise, type Pace } from './apgd-pace.js';
import type { Ascent } from './ascent.js';
import { type Ball, backInto } from './ball.js';
import type { Box } from './classifier.js';
import { steepest } from './norm.js';
import { pickRows, replaceRows, spread } from './rows.js';

/** The share of the new direction; the rest is momentum. */
const ALPHA = 0.75;

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
      if (noteRise(pace, score[place] as number)) risen.push(place);
      if (isCheckpoint.has(t) && hasStalled(pace, t)) stalled.push(place);
    });
    const top = replaceRows(oldTop, risen, pickRows(xt, risen));
    const slope = replaceRows(oldSlope, risen, pickRows(uphill, risen));
    const here = replaceRows(xt, stalled, pickRows(top, stalled));
    const g = replaceRows(uphill, stalled, pickRows(slope, stalled));

    const eta = spread(
      rows.map((i) => (paces[i] as Pace).eta),
      x,
    );
    const z = backInto(x, tf.add(here, tf.mul(eta, steepest(g, ball.norm))), ball, box);
    const momentum = tf.mul(tf.sub(here, before), 1 - ALPHA);
    const next = tf.add(here, tf.add(tf.mul(tf.sub(z, here), ALPHA), momentum));
    return { xt: t === 0 ? z : backInto(x, next, ball, box), memory: [here, top, slope] };
  };
}
