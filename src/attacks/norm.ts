/** Norm families: where to step under a bound on the norm, and how to come back into the ball. */

import * as tf from '@tensorflow/tfjs-core';
import type { Box, Images } from './classifier.js';

/** The norm that bounds a perturbation. */
export type Norm = 'linf' | 'l2' | 'l1';

/** [N, …] to [N, features]. */
export function flat(tensor: tf.Tensor): tf.Tensor2D {
  return tf.reshape(tensor, [tensor.shape[0] as number, -1]);
}

/** Σ of squares of each image, [N]. */
export function squares(tensor: tf.Tensor): tf.Tensor1D {
  return tf.sum(tf.square(flat(tensor)), 1);
}

/** The η with ‖η‖ ≤ 1 that raises ηᵀg most, image by image; 0 where g is exactly zero.
 *  L∞: sign g. L2: g / ‖g‖₂. g: [N, …], the result the same shape. */
export function steepest(g: Images, norm: 'linf' | 'l2'): Images {
  if (norm === 'linf') return tf.sign(g);
  return tf.tidy(() => {
    const rows = scaled(flat(g));
    return tf.reshape(tf.div(rows, tf.maximum(lengths(rows), SMALLEST)), g.shape);
  });
}

/** The η with ‖η‖₁ ≤ eps and x + η in the box that raises ηᵀg most, image by image: feature after
 *  feature, the one with the largest |g| first, goes as far as box and what is left of eps allow.
 *  Without a box all of eps goes to one feature. x, g and the result: [N, …]; x within the box. */
export function steepestL1(x: Images, g: Images, eps: number, [low, high]: Box): Images {
  return tf.tidy(() => {
    const shape = [x.shape[0] as number, x.size / (x.shape[0] as number)] as [number, number];
    const slopes = tf.reshape(g, shape) as tf.Tensor2D;
    const up = tf.greater(slopes, 0);
    const features = tf.reshape(x, shape);
    const away = tf.where(up, tf.sub(high, features), tf.sub(features, low));
    const room = tf.where(tf.equal(slopes, 0), tf.zerosLike(away), away);
    const { indices: order } = tf.topk(tf.abs(slopes), shape[1]);
    const sorted = tf.gather(room, order as tf.Tensor2D, 1, 1);
    const left = tf.relu(tf.sub(eps, tf.cumsum(sorted, 1, true)));
    const { indices: back } = tf.topk(tf.neg(tf.cast(order, 'float32')), shape[1]);
    const size = tf.gather(tf.minimum(sorted, left), back as tf.Tensor2D, 1, 1);
    return tf.reshape(tf.mul(tf.sign(slopes), size), x.shape);
  });
}

/** The nearest point, in the Euclidean distance, with ‖delta‖ ≤ eps, image by image. delta: [N, …]. */
export function project(delta: Images, eps: number, norm: Norm): Images {
  if (norm === 'linf') return tf.clipByValue(delta, -eps, eps);
  return tf.tidy(() => {
    const rows = flat(delta);
    const nearest = norm === 'l2' ? shortened(rows, eps) : thresholded(rows, eps);
    return tf.reshape(nearest, delta.shape);
  });
}

/** Rows of ‖row‖₂ ≤ eps. */
function shortened(rows: tf.Tensor2D, eps: number): tf.Tensor {
  const size = lengths(rows);
  return tf.mul(rows, tf.minimum(tf.div(eps, tf.maximum(size, SMALLEST)), 1));
}

/** Rows of ‖row‖₁ ≤ eps: sign(v) · max(|v| − θ, 0), Duchi, Shalev-Shwartz, Singer, Chandra 2008
 *  (figure 1). With u the |v| in falling order, θ = max_j (Σ_{i≤j} u_i − eps) / j: for any j the sum of
 *  u_i − θ is at most eps, and the paper's ρ is a j for which it is eps. Within the ball θ is 0. */
function thresholded(rows: tf.Tensor2D, eps: number): tf.Tensor {
  const [, d] = rows.shape;
  const size = tf.abs(rows);
  const { values: u } = tf.topk(size, d);
  const excess = tf.div(tf.sub(tf.cumsum(u, 1), eps), tf.range(1, d + 1));
  const theta = tf.relu(tf.max(excess, 1, true));
  return tf.mul(tf.sign(rows), tf.relu(tf.sub(size, theta)));
}

/** g / ‖g‖₁ image by image, 0 where g is exactly zero. */
export function perL1(g: Images): Images {
  return tf.tidy(() => {
    const unit = scaled(flat(g));
    const size = tf.sum(tf.abs(unit), 1, true);
    return tf.reshape(tf.div(unit, tf.maximum(size, SMALLEST)), g.shape);
  });
}

const SMALLEST = 1e-30;

/** Rows divided by their largest entry: squares of a tiny gradient would underflow to 0. */
function scaled(rows: tf.Tensor): tf.Tensor {
  return tf.div(rows, tf.maximum(tf.max(tf.abs(rows), 1, true), SMALLEST));
}

/** ‖row‖₂, [N, 1]. Not `tf.norm`, whose gradient at 0 is NaN. */
function lengths(rows: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(rows), 1, true));
}
