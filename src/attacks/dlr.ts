/** The difference of logits ratio of Croce and Hein 2020 (arXiv:2003.01690, section 4.1). With
 *  Z_π1 ≥ Z_π2 ≥ … the logits in falling order,
 *
 *    DLR(x, y)    = −( Z_y − max_{j≠y} Z_j ) / ( Z_π1 − Z_π3 )               (equation 6)
 *    DLR(x, y, t) = −( Z_y − Z_t ) / ( Z_π1 − (Z_π3 + Z_π4) / 2 )            (equation 7)
 *
 *  Neither changes when all logits are scaled or shifted. The authors' code adds 10⁻¹² below the line,
 *  for logits that are equal. */

import * as tf from '@tensorflow/tfjs-core';
import { constant, entry, largest, lead } from './logits.js';

/** DLR of each image, [n], without unit; above 0 where the class is any but y. At least 3 classes.
 *  Where y ranks third it is 1 and its gradient exactly 0: the terms of the formula cancel, and what
 *  rounding leaves of them would point anywhere. Such an image has left its class already.
 *  Z: [n, classes]; y: [n], int32. */
export function dlr(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D {
  const [first, , third] = ranked(Z, 3);
  const value = ratio(lead(Z, y), tf.sub(first, third));
  const isThird = constant(Z, () => tf.equal(entry(Z, y), third));
  return tf.where(isThird, tf.onesLike(value), value);
}

/** DLR towards a class of each image, [n], without unit; above 0 where t is ahead of y. At least 4
 *  classes. Z: [n, classes]; y and t: [n], int32. */
export function targetedDlr(Z: tf.Tensor2D, y: tf.Tensor1D, t: tf.Tensor1D): tf.Tensor1D {
  const [first, , third, fourth] = ranked(Z, 4);
  const middle = tf.div(tf.add(third, fourth), 2);
  return ratio(tf.sub(entry(Z, t), entry(Z, y)), tf.sub(first, middle));
}

function ratio(over: tf.Tensor, under: tf.Tensor): tf.Tensor1D {
  return tf.div(over, tf.add(under, 1e-12));
}

type Ranked = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

function ranked(Z: tf.Tensor2D, count: 3 | 4): Ranked {
  return tf.unstack(largest(Z, count), 1) as Ranked;
}
