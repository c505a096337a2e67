/** The gradient of the loss in the input, ∇ₓJ(θ, x, y), looked at from several sides. */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, type Images, lossGradient } from '../attacks/index.js';
import { flat } from '../attacks/norm.js';
import { lossOf } from './study.js';

/** ∇ₓJ(θ, x, y) of each image, the shape of x. y: N classes. */
export function inputGradient(model: Classifier, x: Images, y: ArrayLike<number>): Images {
  return tf.tidy(() => {
    const { Z, J, gradient } = lossGradient(model, x, tf.tensor1d(Array.from(y), 'int32'));
    tf.dispose([Z, J]); // they are kept, which `tf.tidy` respects
    return gradient;
  });
}

export interface GradientStep {
  /** `max`: each gradient is scaled to the max norm eps. `l2`: to the Euclidean norm of a sign step of
   *  size eps, eps · √d. `raw`: the gradient as it is, times eps. */
  readonly scale: 'max' | 'l2' | 'raw';
  readonly eps: number;
  /** Keep the images in [0, 1]; default true. */
  readonly clip?: boolean;
}

/** One step along the gradient itself instead of its sign. The shape of x. */
export function gradientStep(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  { scale, eps, clip = true }: GradientStep,
): Images {
  return tf.tidy(() => {
    const gradient = inputGradient(model, x, y);
    const moved = tf.add(x, tf.mul(scale === 'raw' ? gradient : scaled(gradient, scale), eps));
    return clip ? tf.clipByValue(moved, 0, 1) : moved;
  });
}

/** Each row divided by its largest entry, or to the length √d. Rows of zeros stay. */
function scaled(gradient: Images, scale: 'max' | 'l2'): Images {
  const unit = perLargest(flat(gradient));
  if (scale === 'max') return tf.reshape(unit, gradient.shape);
  const length = tf.sqrt(tf.sum(tf.square(unit), 1, true));
  const wanted = Math.sqrt(unit.shape[1]);
  return tf.reshape(tf.mul(tf.div(unit, tf.maximum(length, SMALLEST)), wanted), gradient.shape);
}

/** The cosine between the input gradients of two models, image by image. 0 where one is zero. */
export async function gradientCosines(
  a: Classifier,
  b: Classifier,
  x: Images,
  y: ArrayLike<number>,
): Promise<number[]> {
  const cosine = tf.tidy(() => {
    const unit = (model: Classifier): tf.Tensor => {
      const rows = perLargest(flat(inputGradient(model, x, y)));
      const length = tf.sqrt(tf.sum(tf.square(rows), 1, true));
      return tf.div(rows, tf.maximum(length, SMALLEST));
    };
    return tf.sum(tf.mul(unit(a), unit(b)), 1);
  });
  const cosines = Array.from(await cosine.data());
  cosine.dispose();
  return cosines;
}

/** ∂J/∂xᵢ of one image for some of its features, once from the gradient and once from central
 *  differences, (J(x + h eᵢ) − J(x − h eᵢ)) / 2h. x: [1, …]. */
export async function gradientByDifferences(
  model: Classifier,
  x: Images,
  label: number,
  { features, h = 1e-3 }: { readonly features: readonly number[]; readonly h?: number },
): Promise<{ readonly gradient: number[]; readonly differences: number[] }> {
  const [slopes, losses] = tf.tidy(() => {
    const d = x.size;
    const bumps = tf.mul(tf.oneHot(tf.tensor1d([...features], 'int32'), d), h);
    const base = tf.reshape(x, [1, d]);
    const images = tf.concat([tf.add(base, bumps), tf.sub(base, bumps)]);
    const count = 2 * features.length;
    const shaped = tf.reshape(images, [count, ...x.shape.slice(1)]);
    return [
      inputGradient(model, x, [label]),
      lossOf(model, new Array<number>(count).fill(label))(shaped),
    ];
  }) as [tf.Tensor, tf.Tensor];
  const [all, J] = await Promise.all([slopes.data(), losses.data()]);
  tf.dispose([slopes, losses]);
  const n = features.length;
  return {
    gradient: features.map((i) => all[i] as number),
    differences: features.map((_, k) => ((J[k] as number) - (J[n + k] as number)) / (2 * h)),
  };
}

const SMALLEST = 1e-30;

/** Squares of a tiny gradient would underflow to 0. */
function perLargest(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.maximum(tf.max(tf.abs(rows), 1, true), SMALLEST));
}
