/** Small experiments that several notebooks repeat: error over ε, and a look along one direction. */

import * as tf from '@tensorflow/tfjs-core';
import {
  type AttackResult,
  type Classifier,
  crossEntropy,
  fgsm,
  type Images,
  type Labels,
} from '../attacks/index.js';
import { lead } from '../attacks/logits.js';
import { flat } from '../attacks/norm.js';
import { argMaxRows } from '../attacks/result.js';
import type { Dataset } from './dataset.js';
import { type Evaluation, evaluate } from './evaluate.js';
import type { LinePoint } from './figures/line-chart.js';
import { logitsAlong } from './plane.js';
import { signTensor } from './random.js';
import { linearFit } from './statistics.js';

/** x moved by ±eps in every pixel at random, clipped to [0, 1]: a perturbation of the size of FGSM's
 *  without its direction. Shape of x. */
export function signNoise(x: Images, eps: number, seed: number): Images {
  return tf.tidy(() => tf.clipByValue(tf.add(x, tf.mul(signTensor(x.shape, seed), eps)), 0, 1));
}

/** sign ∇ₓJ(θ, x, y), the direction of FGSM: entries −1, 0 or +1. Shape of x. */
export async function signGradient(model: Classifier, x: Images, y: Labels): Promise<Images> {
  const { xAdv } = await fgsm(model, x, y, { eps: 1, clip: false });
  const direction = tf.tidy(() => tf.round(tf.sub(xAdv, x)));
  xAdv.dispose();
  return direction;
}

/** How a model does at one ε. */
export interface EpsEvaluation extends Evaluation {
  readonly eps: number;
}

/** Error, loss and confidence of a model on perturbed images, for each ε, from one pass each.
 *  `perturb` makes the images of one ε; they are disposed after use. */
export async function evaluateOverEps(
  model: Classifier,
  data: Dataset,
  epsGrid: readonly number[],
  perturb: (eps: number) => Images | Promise<Images>,
): Promise<EpsEvaluation[]> {
  const points: EpsEvaluation[] = [];
  for (const eps of epsGrid) {
    const x = await perturb(eps);
    try {
      points.push({ eps, ...(await evaluate(model, x, data.y)) });
    } finally {
      x.dispose();
    }
  }
  return points;
}

/** The error alone: points for a line chart. Arguments as in `evaluateOverEps`. */
export async function errorOverEps(
  model: Classifier,
  data: Dataset,
  epsGrid: readonly number[],
  perturb: (eps: number) => Images | Promise<Images>,
): Promise<LinePoint[]> {
  const points = await evaluateOverEps(model, data, epsGrid, perturb);
  return points.map(({ eps, error }) => ({ x: eps, y: error }));
}

/** The error for each ε from one run of an attack that looks for the smallest perturbation: the share
 *  of images that it fooled with a perturbation of at most ε. distances: one per image. */
export function errorFromDistances(
  { success }: Pick<AttackResult, 'success'>,
  distances: readonly number[],
  epsGrid: readonly number[],
): LinePoint[] {
  const within = (eps: number): number =>
    success.filter((fooled, i) => fooled && (distances[i] as number) <= eps).length;
  return epsGrid.map((eps) => ({ x: eps, y: within(eps) / success.length }));
}

/** J(θ, x, y) of each image as a function of x. y: N classes. */
export function lossOf(model: Classifier, y: ArrayLike<number>): (x: Images) => tf.Tensor1D {
  return (x) => crossEntropy(model.logits(x), tf.tensor1d(Array.from(y), 'int32'));
}

/** The margin Z_y − max over j ≠ y of Z_j of each image as a function of x: negative when the image
 *  is misclassified. y: N classes. */
export function marginOf(model: Classifier, y: ArrayLike<number>): (x: Images) => tf.Tensor1D {
  return (x) => tf.neg(lead(model.logits(x), tf.tensor1d(Array.from(y), 'int32')));
}

/** How f changes when x moves by eta, as its gradient predicts, ηᵀ∇ₓf(x), and in truth,
 *  f(x + η) − f(x). One number per image each; f gives one number per image. */
export function firstOrder(
  f: (x: Images) => tf.Tensor1D,
  x: Images,
  eta: Images,
): { readonly predicted: Float32Array; readonly actual: Float32Array } {
  const [predicted, actual] = tf.tidy(() => {
    const gradient = tf.grad((input: tf.Tensor) => tf.sum(f(input)))(x);
    const along = tf.sum(flat(tf.mul(gradient, eta)), 1);
    return [along, tf.sub(f(tf.add(x, eta)), f(x))];
  }) as [tf.Tensor1D, tf.Tensor1D];
  const result = {
    predicted: Float32Array.from(predicted.dataSync()),
    actual: Float32Array.from(actual.dataSync()),
  };
  tf.dispose([predicted, actual]);
  return result;
}

/** What happens to one image x on its way along `direction`, at each of the amounts. */
export interface Walk {
  /** Z at each amount: [amount][class]. */
  readonly logits: readonly (readonly number[])[];
  /** The class is not the same at all points. */
  readonly changes: boolean;
  /** How much of the variance of the label's logit a straight line explains, R². */
  readonly straightness: number;
}

/** Walks along each image's own direction. x and directions: [N, …]; y: N classes. */
export async function walk(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  directions: Images,
  amounts: readonly number[],
): Promise<Walk[]> {
  const walks: Walk[] = [];
  for (let i = 0; i < y.length; i++) {
    const [start, direction] = [tf.slice(x, i, 1), tf.slice(directions, i, 1)];
    const logits = await logitsAlong(model, start, direction, amounts);
    tf.dispose([start, direction]);
    const label = y[i] as number;
    const own = logits.map((Z) => Z[label] as number);
    walks.push({
      logits,
      changes: new Set(argMaxRows(logits.flat(), model.classes)).size > 1,
      straightness: linearFit(amounts, own).r2,
    });
  }
  return walks;
}
