/** Whether the gradient at a maximiser is the gradient of the maximum: Danskin's theorem, as Madry et
 *  al. 2018 use it (arXiv:1706.06083, appendix C).
 *
 *    φ(θ) = max_{δ ∈ S} J(θ, x + δ, y),   ∇φ(θ) = ∇_θ J(θ, x + δ*, y)   for the only maximiser δ* */

import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, softplus } from '../../attacks/index.js';
import { climb, uniformStart } from '../climb.js';
import type { Dataset } from '../dataset.js';
import { type Model, modelOf, type Weights } from '../models.js';
import { meanCrossEntropy } from '../objective.js';
import { random } from '../random.js';

/** A derivative in θ, once as the theorem predicts it and once from differences of φ. */
export interface DanskinCheck {
  readonly predicted: readonly number[];
  readonly measured: readonly number[];
}

/** Logistic regression in double precision, where δ* = −yε sign w is exact and unique as long as no
 *  w_j is 0: φ(w, b) = ζ(ε‖w‖₁ − y(wᵀx + b)). One number per weight, then the bias. y: −1 or +1. */
export function danskinOnLogistic(
  { w, b }: { readonly w: readonly number[]; readonly b: number },
  x: readonly number[],
  y: number,
  eps: number,
  h = 1e-5,
): DanskinCheck {
  const phi = (theta: readonly number[]): number => {
    const size = w.reduce((sum, _, j) => sum + Math.abs(theta[j] as number), 0);
    return softplus(eps * size - y * score(theta, x));
  };
  const theta = [...w, b];
  const worst = x.map((value, j) => value - y * eps * Math.sign(w[j] as number));
  const slope = -y * sigmoid(-y * score(theta, worst));
  const predicted = [...worst, 1].map((feature) => slope * feature);
  const measured = theta.map((_, j) => {
    const moved = (by: number): number => phi(theta.map((value, k) => value + (k === j ? by : 0)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
  return { predicted, measured };
}

/** wᵀx + b, with θ = (w, b). */
function score(theta: readonly number[], x: readonly number[]): number {
  return x.reduce((sum, value, j) => sum + value * (theta[j] as number), theta.at(-1) as number);
}

/** What steps from θ = (1, 0) do to φ where two maximisers are equal. */
export interface TwoMaximisers {
  /** φ at θ. */
  readonly before: number;
  /** φ after a step against the gradient at the maximiser δ = +1. */
  readonly afterOne: number;
  /** φ after a step against the mean of the gradients at both. */
  readonly afterMean: number;
}

/** J(θ, δ) = ζ(θ₁δ² − 2θ₂δ) for |δ| ≤ 1 has at θ = (1, 0) the maximisers δ = ±1. Their gradients
 *  σ(1)·(1, ∓2) have a negative inner product, so that minus one of them leads uphill. After Latorre
 *  et al. 2023 (Finding actual descent directions for adversarial training). size: of the step. */
export function twoMaximisers(size = 0.1): TwoMaximisers {
  const phi = ([first, second]: readonly [number, number]): number => {
    // A parabola in δ: largest at an end, or for θ₁ < 0 at its top if that is inside.
    const top = first < 0 ? [second / first].filter((delta) => Math.abs(delta) <= 1) : [];
    const J = (delta: number): number => softplus(first * delta ** 2 - 2 * second * delta);
    return Math.max(...[-1, 1, ...top].map(J));
  };
  const step = size * sigmoid(1);
  return {
    before: phi([1, 0]),
    afterOne: phi([1 - step, 2 * step]),
    afterMean: phi([1 - step, 0]),
  };
}

export interface DanskinOptions {
  /** ε, α and the number of steps of PGD in the max norm. */
  readonly eps: number;
  readonly alpha: number;
  readonly steps: number;
  /** How far θ is moved each way, as shares of ‖θ‖. */
  readonly reaches: readonly number[];
  readonly seed: number;
}

/** Slopes along −g, the unit direction against the gradient at the points x* that PGD finds at θ. All
 *  but the first from the difference between the weights after a step of `reach` · ‖θ‖ each way. */
export interface DanskinSlope {
  readonly reach: number;
  /** −‖g‖: the slope of φ where the theorem holds. */
  readonly predicted: number;
  /** Of the loss at x*, which stay where they are. */
  readonly held: number;
  /** Of the loss where PGD ends, from the same start, at the moved weights. */
  readonly anew: number;
  /** Of the largest loss of each image over the points found at the three weights: a closer bound on
   *  φ, since what PGD finds at one of them is a point of the ball for all. */
  readonly best: number;
}

/** The check on a network, where maximisers are approximate and may be many. The loss is the mean over
 *  `data`; the random start of PGD is the same throughout. */
export function danskinOnModel<W extends Weights>(
  model: Model<W>,
  data: Dataset,
  { eps, alpha, steps, reaches, seed }: DanskinOptions,
): DanskinSlope[] {
  return tf.tidy(() => {
    const y = tf.tensor1d(data.y, 'int32');
    const start = uniformStart(data.x, eps, random(seed));
    const attacked = (one: Model<W>): tf.Tensor =>
      climb(one, { x: data.x, xt: start }, y, { eps, alpha, steps });
    const worst = attacked(model);
    const { slope, moved } = alongGradient(model, worst, y);
    const size = lengthOf(Object.values(model.weights));
    return reaches.map((reach) => {
      const h = reach * size;
      const [below, above] = [moved(-h), moved(h)];
      const points = [worst, attacked(below), attacked(above)];
      const losses = (one: Model<W>) => {
        const each = points.map((x) => crossEntropy(one.logits(x), y));
        const most = each.reduce((a, b) => tf.maximum(a, b));
        return [...each, most].map((J) => numberOf(tf.mean(J))) as [number, number, number, number];
      };
      const [heldBelow, anewBelow, , bestBelow] = losses(below);
      const [heldAbove, , anewAbove, bestAbove] = losses(above);
      return {
        reach,
        predicted: -slope,
        held: (heldBelow - heldAbove) / (2 * h),
        anew: (anewBelow - anewAbove) / (2 * h),
        best: (bestBelow - bestAbove) / (2 * h),
      };
    });
  });
}

/** ‖∇_θ J‖ for the mean loss J at x, and the model with its weights moved along the gradient. */
function alongGradient<W extends Weights>(
  { architecture, weights }: Model<W>,
  x: tf.Tensor,
  y: tf.Tensor1D,
): { readonly slope: number; readonly moved: (by: number) => Model<W> } {
  const [names, theta] = [Object.keys(weights), Object.values(weights)];
  const at = (values: readonly tf.Tensor[]): Model<W> =>
    modelOf(architecture, Object.fromEntries(names.map((n, i) => [n, values[i]])) as W);
  const meanLoss = (...values: tf.Tensor[]): tf.Scalar =>
    meanCrossEntropy.loss(at(values), x, y, x);
  const gradients = tf.grads(meanLoss)(theta);
  const slope = lengthOf(gradients);
  const moved = (by: number): Model<W> =>
    at(theta.map((w, i) => tf.add(w, tf.mul(gradients[i] as tf.Tensor, by / slope))));
  return { slope, moved };
}

function lengthOf(parts: readonly tf.Tensor[]): number {
  return Math.sqrt(parts.reduce((sum, part) => sum + numberOf(tf.sum(tf.square(part))), 0));
}

function numberOf(scalar: tf.Tensor): number {
  return scalar.dataSync()[0] as number;
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
