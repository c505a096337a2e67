/** Entries of the logits, picked by class or by rank, with gradients. */

import * as tf from '@tensorflow/tfjs-core';

/** Z_k of each image, [n]. Z: [n, classes]; k: [n], int32. */
export function entry(Z: tf.Tensor2D, k: tf.Tensor1D): tf.Tensor1D {
  return tf.sum(tf.mul(Z, oneHot(k, Z)), 1);
}

/** max_{j≠y} Z_j − Z_y of each image, [n]: how far the best other class is ahead of y. Of equal entries
 *  one alone has a gradient; `tf.max` would give each of them the whole of it. */
export function lead(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D {
  const signs = constant(Z, (values) => {
    const own = oneHot(y, Z);
    const others = tf.argMax(tf.sub(values, tf.mul(own, 1e30)), 1);
    return tf.sub(oneHot(others, Z), own); // 1 at the best other class, −1 at y
  });
  return tf.sum(tf.mul(Z, signs), 1);
}

/** The `count` largest logits of each image, [n, count], the largest first. `tf.topk` alone has no
 *  gradient. */
export function largest(Z: tf.Tensor2D, count: number): tf.Tensor2D {
  const masks = constant(Z, (values) => oneHot(tf.topk(values, count).indices, Z));
  return tf.sum(tf.mul(tf.expandDims(Z, 1), masks), 2);
}

/** 1 at each class k, else 0: [...k.shape, classes], float32, so that a product with Z casts nothing. */
export function oneHot(k: tf.Tensor, Z: tf.Tensor2D): tf.Tensor {
  return tf.oneHot(k, Z.shape[1], 1, 0, 'float32');
}

/** What is computed from Z, but counts as a constant in gradients. Z is saved for the way back, where
 *  nothing else may hold it any more. */
export function constant(Z: tf.Tensor2D, compute: (values: tf.Tensor2D) => tf.Tensor): tf.Tensor {
  return tf.customGrad((values, save) => {
    (save as tf.GradSaveFunc)([values as tf.Tensor]);
    return {
      value: compute(values as tf.Tensor2D),
      gradFunc: (_: tf.Tensor, [saved]: tf.Tensor[]) => tf.zerosLike(saved as tf.Tensor),
    };
  })(Z);
}
