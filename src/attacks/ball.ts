/** One step of an attack under a bound: step, then ball, then box. */

import * as tf from '@tensorflow/tfjs-core';
import type { Box, Images } from './classifier.js';
import { type Norm, project, steepest, steepestL1 } from './norm.js';

export interface Ball {
  /** ε, the radius around the clean image. */
  readonly eps: number;
  readonly norm: Norm;
}

/** The point one step of length alpha up from xt, in the ball around x and in the box.
 *
 *  L∞ and L2: α · sign g and α · g / ‖g‖₂. In L1 the steepest step is one feature alone, which soon
 *  stands at the end of the box; so the step goes on to the feature of the next largest |g|, until α
 *  is spent. It needs no sparsity to be chosen, and as it ends inside the box, the projection onto the
 *  ball is the one onto ball and box (Croce, Hein 2021, arXiv:2103.01208, say why that matters). */
export function stepUp(
  { x, xt }: { readonly x: Images; readonly xt: Images },
  uphill: Images,
  { alpha, ...ball }: Ball & { readonly alpha: number },
  box: Box,
): Images {
  const step =
    ball.norm === 'l1'
      ? steepestL1(xt, uphill, alpha, box)
      : tf.mul(steepest(uphill, ball.norm), alpha);
  return backInto(x, tf.add(xt, step), ball, box);
}

/** The point of ball and box near `moved`: first the ball, then the box, which brings every feature
 *  nearer to x again. For L∞, and for a point inside the box, it is the nearest one. */
export function backInto(x: Images, moved: Images, { eps, norm }: Ball, [low, high]: Box): Images {
  return tf.clipByValue(tf.add(x, project(tf.sub(moved, x), eps, norm)), low, high);
}
