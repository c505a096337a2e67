/** The geometry of one step of the boundary attack. */

import * as tf from '@tensorflow/tfjs-core';
import type { Pace } from './boundary-pace.js';
import type { Box, Images } from './classifier.js';
import { flat } from './norm.js';

/** What one step proposes. */
export type Proposal = {
  /** The point on the sphere around x, [n, …]. */
  readonly sphere: Images;
  /** The point from there towards x, nearer to it than xt, [n, …]. */
  readonly nearer: Images;
};

/** The step from xt in the directions of `noise`, of which only the part across x − xt counts. Both
 *  points are cut to the box, which brings them nearer to x. x, xt, noise: [n, …]. */
export function propose(
  { x, xt }: { readonly x: Images; readonly xt: Images },
  noise: Images,
  paces: readonly Pace[],
  [low, high]: Box,
): Proposal {
  return tf.tidy(() => {
    const cut = (rows: tf.Tensor): tf.Tensor => tf.clipByValue(rows, low, high);
    const column = (read: (pace: Pace) => number): tf.Tensor2D =>
      tf.tensor2d(paces.map(read), [paces.length, 1]);
    const [source, eta] = [flat(x), flat(noise)];
    const back = tf.sub(source, flat(xt)); // towards x
    const d = length(back);
    const unit = tf.div(back, d);
    const across = tf.sub(eta, tf.mul(unit, tf.sum(tf.mul(eta, unit), 1, true)));

    const delta = column((pace) => pace.delta);
    const sideways = tf.mul(across, tf.div(tf.mul(delta, d), length(across)));
    // sideways − back is longer than d by √(1 + δ²): so it lies on the sphere again.
    const turned = tf.div(tf.sub(sideways, back), tf.sqrt(tf.add(tf.square(delta), 1)));
    const sphere = cut(tf.add(source, turned));

    const inwards = tf.sub(source, sphere);
    const size = length(inwards); // below d where the box has cut
    const kept = column((pace) => Math.max(0, 1 - pace.epsilon)); // never beyond x
    const step = tf.relu(tf.sub(size, tf.mul(kept, d)));
    const nearer = cut(tf.add(sphere, tf.mul(inwards, tf.div(step, size))));
    return { sphere: tf.reshape(sphere, x.shape), nearer: tf.reshape(nearer, x.shape) };
  });
}

/** ‖row‖₂, [n, 1], and never 0: one feature alone has no direction across. */
function length(rows: tf.Tensor): tf.Tensor {
  return tf.maximum(tf.sqrt(tf.sum(tf.square(rows), 1, true)), 1e-30);
}
