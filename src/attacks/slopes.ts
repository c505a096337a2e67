/** Several gradients at the same images. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from './classifier.js';

/** A function of the logits, [n, classes] to [n]. */
export type OfLogits = (Z: tf.Tensor2D) => tf.Tensor1D;

/** The logits, and the gradient in x of each function, the shape of x, after one forward pass for all.
 *  The caller owns the tensors. */
export function slopes(
  model: Classifier,
  x: Images,
  functions: readonly OfLogits[],
): { readonly Z: tf.Tensor2D; readonly slopes: readonly tf.Tensor[] } {
  const kept: tf.Tensor[] = [];
  const passes = (): tf.Scalar => {
    const Z = model.logits(x);
    kept.push(tf.keep(tf.clone(Z)));
    for (const of of functions) kept.push(tf.keep(tf.grad(() => tf.sum(of(Z)))(x)));
    return tf.scalar(0);
  };
  try {
    // What runs within a gradient stays recorded until its end, so that the inner gradients find the
    // way from Z back to x. The outer one is of a constant and costs nothing.
    tf.engine().gradients(passes, [x], undefined, true).value.dispose();
  } catch (error) {
    tf.dispose(kept);
    throw error;
  }
  const [Z, ...found] = kept as [tf.Tensor2D, ...tf.Tensor[]];
  return { Z, slopes: found };
}
