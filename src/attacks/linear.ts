/** Linear models, where the worst perturbation is known exactly: Goodfellow, Shlens, Szegedy 2015
 *  (arXiv:1412.6572, sections 3 and 5). Notebook 01.
 *
 *  wᵀx̃ = wᵀx + wᵀη,   max over ‖η‖∞ ≤ ε of wᵀη = ε‖w‖₁,  reached at η = ε · sign(w) */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import type { Images } from './classifier.js';

/** Plain numbers, or a tensor with one axis. */
export type Vector = tf.Tensor1D | ArrayLike<number>;

/** A model with one logit, wᵀx + b. w: [d]; b: a scalar. */
export interface LinearParameters {
  readonly w: tf.Tensor1D;
  readonly b: tf.Scalar;
}

/** wᵀη, how far a perturbation moves the activation. w and η: d numbers. */
export function dotProductShift(w: Vector, eta: Vector): number {
  const [a, b] = [numbers(w), numbers(eta)];
  if (a.length !== b.length) {
    throw new UserError(`expected ${a.length} entries of eta, one per weight, got ${b.length}`, {
      hint: 'Flatten both to the same length.',
    });
  }
  return a.reduce((sum, weight, i) => sum + weight * (b[i] as number), 0);
}

/** η = ε · sign(w), the perturbation inside ‖η‖∞ ≤ ε that raises wᵀx most. d numbers. */
export function maxNormMaximiser(w: Vector, eps: number): number[] {
  return numbers(w).map((weight) => eps * Math.sign(weight));
}

/** ε‖w‖₁, the largest shift wᵀη inside ‖η‖∞ ≤ ε. */
export function maxNormMaximum(w: Vector, eps: number): number {
  return eps * numbers(w).reduce((sum, weight) => sum + Math.abs(weight), 0);
}

/** ζ(z) = log(1 + eᶻ), without overflow for large z. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** Classes 0 and 1 as the paper's y = −1 and y = +1. */
export function plusMinusOne(labels: ArrayLike<number>): number[] {
  return Array.from(labels, (label) => {
    if (label !== 0 && label !== 1) {
      throw new UserError(`expected classes 0 and 1, got ${label}`, {
        hint: 'Keep two classes first: data.only(3, 7).',
      });
    }
    return label === 1 ? 1 : -1;
  });
}

/** Loss of each example under the worst perturbation with ‖η‖∞ ≤ ε, exactly:
 *  ζ(ε‖w‖₁ − y(wᵀx + b)). Shape [N], differentiable in w and b. x: [N, …] with d entries each;
 *  y: N numbers, −1 or +1. */
export function worstCaseLogistic(
  { w, b }: LinearParameters,
  x: Images,
  y: Vector,
  eps: number,
): tf.Tensor1D {
  return tf.tidy(() => {
    const margin = tf.mul(signs(y, x), activation({ w, b }, x));
    return tf.softplus(tf.sub(tf.mul(eps, tf.sum(tf.abs(w))), margin)) as tf.Tensor1D;
  });
}

/** Loss of each example as section 5 prints it: ζ(y(ε‖w‖₁ − wᵀx − b)). It adds the perturbation in
 *  the same direction for both classes, so it is the worst case for y = +1 only; for y = −1 it is
 *  the best case. Shape [N]. Arguments as in `worstCaseLogistic`. */
export function printedLogistic(
  { w, b }: LinearParameters,
  x: Images,
  y: Vector,
  eps: number,
): tf.Tensor1D {
  return tf.tidy(() => {
    const gap = tf.sub(tf.mul(eps, tf.sum(tf.abs(w))), activation({ w, b }, x));
    return tf.softplus(tf.mul(signs(y, x), gap)) as tf.Tensor1D;
  });
}

/** Mean over the examples of `worstCaseLogistic`, in nats; ε = 0 gives the clean logistic loss. */
export function worstCaseLogisticLoss(
  model: LinearParameters,
  x: Images,
  y: Vector,
  eps: number,
): number {
  const losses = worstCaseLogistic(model, x, y, eps);
  const values = Array.from(losses.dataSync());
  losses.dispose();
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** wᵀx + b of each example, [N]. */
function activation({ w, b }: LinearParameters, x: Images): tf.Tensor1D {
  const rows = tf.reshape(x, [x.shape[0] as number, w.size]) as tf.Tensor2D;
  return tf.add(tf.reshape(tf.matMul(rows, tf.reshape(w, [w.size, 1])), [-1]), b);
}

function signs(y: Vector, x: Images): tf.Tensor1D {
  if (!(y instanceof tf.Tensor)) {
    const wrong = Array.from(y).find((label) => label !== 1 && label !== -1);
    if (wrong !== undefined) {
      throw new UserError(`expected y to be −1 or +1, got ${wrong}`, {
        hint: 'Turn classes 0 and 1 into signs with plusMinusOne(labels).',
      });
    }
  }
  const values = y instanceof tf.Tensor ? y : tf.tensor1d(Float32Array.from(y));
  if (values.size !== x.shape[0]) {
    throw new UserError(`expected ${x.shape[0]} signs, one per example, got ${values.size}`, {
      hint: 'Slice examples and labels alike.',
    });
  }
  return tf.cast(values, 'float32');
}

function numbers(vector: Vector): number[] {
  return Array.from(vector instanceof tf.Tensor ? vector.dataSync() : vector);
}
