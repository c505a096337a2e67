/** What the notebooks on training ask of models, losses and weights. */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, fgsm, type Images } from '../attacks/index.js';
import { squares } from '../attacks/norm.js';
import type { Dataset } from './dataset.js';
import { activations, type Model, modelOf, type Weights } from './models.js';
import type { Objective } from './objective.js';
import { random } from './random.js';
import { correlation, mean, type Spread, spread } from './statistics.js';
import { lossOf } from './study.js';

/** The smallest FGSM step of the grid that fools each image, and its Euclidean length after
 *  clipping; Infinity where none does. epsGrid: rising. */
export async function smallestSteps(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  epsGrid: readonly number[],
): Promise<{ readonly eps: number[]; readonly l2: number[] }> {
  const eps = new Array<number>(y.length).fill(Number.POSITIVE_INFINITY);
  const l2 = [...eps];
  for (const step of epsGrid) {
    const { xAdv, success, norms } = await fgsm(model, x, Array.from(y), { eps: step });
    xAdv.dispose();
    success.forEach((fooled, i) => {
      if (!fooled || eps[i] !== Number.POSITIVE_INFINITY) return;
      eps[i] = step;
      l2[i] = norms.l2[i] as number;
    });
  }
  return { eps, l2 };
}

/** J at x + a · direction for each amount a, not clipped: [image][amount]. */
export async function lossAlong(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  directions: Images,
  amounts: readonly number[],
): Promise<number[][]> {
  const J = lossOf(model, y);
  const columns: number[][] = [];
  for (const amount of amounts) {
    const losses = tf.tidy(() => J(tf.add(x, tf.mul(directions, amount))));
    columns.push(Array.from(await losses.data()));
    losses.dispose();
  }
  return Array.from(y, (_, i) => columns.map((column) => column[i] as number));
}

/** Mean of |J(a₋) − 2J(a) + J(a₊)| over the inner points of each loss curve: 0 on straight lines. */
export function roughness(curves: readonly (readonly number[])[]): number {
  const second = curves.flatMap((curve) =>
    curve
      .slice(1, -1)
      .map((J, k) => Math.abs((curve[k] as number) - 2 * J + (curve[k + 2] as number))),
  );
  return mean(second);
}

/** How often right and wrong take turns from the middle of a walk outwards, the worse of its two
 *  sides. right: an odd number of entries, the clean image in the middle. */
export function turns(right: readonly boolean[]): number {
  const middle = (right.length - 1) / 2;
  const changes = (side: readonly boolean[]): number =>
    side.slice(1).filter((one, i) => one !== side[i]).length;
  return Math.max(changes(right.slice(0, middle + 1)), changes(right.slice(middle)));
}

/** ‖h(x̃) − h(x)‖ / ‖h(x)‖ of each layer, mean over the images, from the first to the logits. */
export async function layerGrowth<W extends Weights>(
  model: Model<W>,
  x: Images,
  xAdv: Images,
): Promise<{ readonly layer: string; readonly change: number }[]> {
  const [before, after] = [activations(model, x), activations(model, xAdv)];
  const growth = [];
  for (const [i, { layer, values }] of before.entries()) {
    const moved = (after[i] as { readonly values: tf.Tensor }).values;
    const ratio = tf.tidy(() => {
      const length = (h: tf.Tensor): tf.Tensor => tf.sqrt(squares(h));
      return tf.div(length(tf.sub(moved, values)), length(values));
    });
    growth.push({ layer, change: mean(await ratio.data()) });
    ratio.dispose();
  }
  tf.dispose([...before, ...after].map(({ values }) => values));
  return growth;
}

/** The weights into each unit of a dense layer on digits: [units][side²]. w: [side², units]. */
export async function weightsOfUnits(w: tf.Tensor2D): Promise<Float32Array[]> {
  const [pixels, units] = w.shape;
  const flat = await w.data();
  return Array.from({ length: units }, (_, unit) =>
    Float32Array.from({ length: pixels }, (_, i) => flat[i * units + unit] as number),
  );
}

/** Total variation of an image of weights scaled to unit length: the sum of |differences| between
 *  neighbours to the right and below. Small for smooth images. */
export function totalVariation(image: ArrayLike<number>, side = 28): number {
  const at = (i: number): number => image[i] as number;
  let [sum, energy] = [0, 0];
  for (let i = 0; i < side * side; i++) {
    energy += at(i) ** 2;
    if (i % side < side - 1) sum += Math.abs(at(i) - at(i + 1));
    if (i + side < side * side) sum += Math.abs(at(i) - at(i + side));
  }
  return energy === 0 ? 0 : sum / Math.sqrt(energy);
}

/** Spearman's rank correlation; equal values share their mean rank. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  return correlation(ranks(x), ranks(y));
}

function ranks(values: readonly number[]): number[] {
  return values.map((one) => {
    const below = values.filter((other) => other < one).length;
    const equal = values.filter((other) => other === one).length;
    return below + (equal + 1) / 2;
  });
}

/** The mean of b − a over pairs, such as two models of one seed, with Student's interval. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Spread {
  return spread(b.map((value, i) => value - (a[i] as number)));
}

/** What an objective gives for a model on a data set, without dropout. seed: of its noise. */
export function objectiveLoss<W extends Weights>(
  objective: Objective<W>,
  model: Model<W>,
  { x, y }: Dataset,
  seed = 0,
): number {
  const loss = tf.tidy(() => {
    const labels = tf.tensor1d(y, 'int32');
    const prepared = objective.prepare?.(model, x, labels, random(seed)) ?? x;
    return objective.loss(model, x, labels, prepared);
  });
  const [value] = loss.dataSync();
  loss.dispose();
  return value as number;
}

/** The gradient of an objective in some entries of one weight, once as training takes it and once
 *  from central differences of the loss in which what was prepared, such as x̃, stays as it is. */
export function weightGradients<W extends Weights>(
  objective: Objective<W>,
  model: Model<W>,
  { x, y }: Dataset,
  {
    weight,
    entries,
    h = 1e-2,
  }: {
    readonly weight: keyof W & string;
    readonly entries: readonly number[];
    readonly h?: number;
  },
): { readonly gradient: number[]; readonly differences: number[] } {
  return tf.tidy(() => {
    const labels = tf.tensor1d(y, 'int32');
    const prepared = objective.prepare?.(model, x, labels, random(0)) ?? x;
    const start = model.weights[weight] as tf.Tensor;
    const J = (w: tf.Tensor): tf.Scalar => {
      const changed = modelOf(model.architecture, { ...model.weights, [weight]: w });
      return objective.loss(changed, x, labels, prepared);
    };
    const slopes = tf
      .grad(J as (w: tf.Tensor) => tf.Tensor)(start)
      .dataSync();
    const bumped = (entry: number, by: number): number => {
      const bump = tf.reshape(tf.mul(tf.oneHot(tf.tensor1d([entry], 'int32'), start.size), by), [
        ...start.shape,
      ]);
      return J(tf.add(start, bump)).dataSync()[0] as number;
    };
    return {
      gradient: entries.map((entry) => slopes[entry] as number),
      differences: entries.map((entry) => (bumped(entry, h) - bumped(entry, -h)) / (2 * h)),
    };
  });
}
