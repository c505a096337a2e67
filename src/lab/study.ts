/** Small experiments that several notebooks repeat: error over ε, and a look along one direction. */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, fgsm, type Images, type Labels } from '../attacks/index.js';
import type { Dataset } from './dataset.js';
import { evaluate } from './evaluate.js';
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

/** The error of a model on perturbed images, for each ε: points for a line chart. `perturb` makes
 *  the images of one ε; they are disposed after use. */
export async function errorOverEps(
  model: Classifier,
  data: Dataset,
  epsGrid: readonly number[],
  perturb: (eps: number) => Images | Promise<Images>,
): Promise<LinePoint[]> {
  const points: LinePoint[] = [];
  for (const eps of epsGrid) {
    const x = await perturb(eps);
    points.push({ x: eps, y: (await evaluate(model, x, data.y)).error });
    x.dispose();
  }
  return points;
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
      changes: new Set(logits.map((Z) => Z.indexOf(Math.max(...Z)))).size > 1,
      straightness: linearFit(amounts, own).r2,
    });
  }
  return walks;
}
