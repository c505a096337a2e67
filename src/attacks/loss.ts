/** J(θ, x, y), the loss that training lowers and attacks raise, and its gradient in x. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import type { Classifier, Images } from './classifier.js';
import { oneHot } from './logits.js';

/** Cross-entropy of each image, −log softmax(Z)_y, shape [N], in nats. Z: [N, classes]; y: [N], int32.
 *
 *  Computed as ζ(log Σ_{j≠y} exp(Z_j − Z_y)), the same number. The usual forms take 1 − p_y from
 *  p_y, which rounds to 1 once the model is sure (logits 17 apart, in float32): the gradient then
 *  loses the whole part of class y, and its sign points elsewhere. Here nothing cancels. */
export function crossEntropy(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D {
  return tf.softplus(softLead(Z, y));
}

/** −log(1 − p_y) of each image, shape [N], in nats: small where the class is any but y. Unlike −J it
 *  has a lower bound, 0, so that it can be minimised. Z: [N, classes]; y: [N], int32. */
export function otherEntropy(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D {
  return tf.softplus(tf.neg(softLead(Z, y)));
}

/** log Σ_{j≠y} exp(Z_j − Z_y), how far the other classes together are ahead of y. */
function softLead(Z: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor1D {
  const own = oneHot(y, Z);
  const ahead = tf.sub(Z, tf.sum(tf.mul(Z, own), 1, true)); // Z_j − Z_y
  const others = tf.sub(ahead, tf.mul(own, 1e30)); // exp of the entry y becomes 0
  return tf.logSumExp(others, 1);
}

/** A loss of each image, [N], from logits [N, classes] and classes [N]. */
export type Loss = (Z: tf.Tensor2D, y: tf.Tensor1D) => tf.Tensor1D;

/** One forward and one backward pass over a batch. */
export interface LossGradient {
  /** [N, classes] */
  readonly Z: tf.Tensor2D;
  /** J of each image, [N]. */
  readonly J: tf.Tensor1D;
  /** ∇ₓJ of each image, the shape of x. */
  readonly gradient: tf.Tensor;
}

/** Logits, loss and input gradient of a batch. The loss is summed over the batch, so that the
 *  gradient of one image does not depend on its neighbours. The caller owns the three tensors. */
export function lossGradient(
  model: Classifier,
  x: Images,
  y: tf.Tensor1D,
  loss: Loss = crossEntropy,
): LossGradient {
  const parts: tf.Tensor[] = [];
  const total = (input: tf.Tensor): tf.Scalar => {
    const Z = model.logits(input);
    const J = loss(Z, y);
    parts.push(tf.keep(Z.clone()), tf.keep(J.clone()));
    return tf.sum(J);
  };
  try {
    const gradient = tf.grad(total)(x);
    const [Z, J] = parts as [tf.Tensor2D, tf.Tensor1D];
    return { Z, J, gradient };
  } catch (error) {
    tf.dispose(parts);
    throw error;
  }
}

/** Refuses NaN and infinite gradients: the sign of NaN is 0 in TensorFlow.js, which would turn a
 *  broken gradient into a step that silently does nothing. */
export async function checkGradient(model: Classifier, gradient: tf.Tensor): Promise<void> {
  const finite = tf.tidy(() => tf.all(tf.isFinite(gradient)));
  const [ok] = await finite.data();
  finite.dispose();
  if (!ok) {
    throw new UserError(`expected a finite gradient from ${model.name}, got NaN or infinity`, {
      hint: 'Look for a square root, a norm or a division at zero in its logits.',
    });
  }
}
