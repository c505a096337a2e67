/** Whether a gradient attack has a gradient to follow. Masked gradients make a model look robust. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, crossEntropy, type Images } from '../attacks/index.js';
import { mean } from './statistics.js';

/** One image. Shares are of its features. */
export interface GradientHealth {
  /** Z_y − max over j ≠ y of Z_j, in nats: how sure the model is. */
  readonly gap: number;
  /** Exactly zero. */
  readonly zero: number;
  /** NaN or infinite. */
  readonly notFinite: number;
  /** Not zero, but below 2⁻¹²⁶, where float32 loses digits. The native engine rounds these to zero. */
  readonly underflowed: number;
}

/** Smallest float32 with all its digits. */
const SMALLEST = 2 ** -126;
const BATCH = 500;

/** The input gradient of each image, looked at. x: [N, …]; y: N classes. loss: one number per image
 *  from logits and labels, default `crossEntropy`; give another to see what its rounding costs. */
export async function gradientHealth(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  loss: (Z: tf.Tensor2D, y: tf.Tensor1D) => tf.Tensor1D = crossEntropy,
): Promise<GradientHealth[]> {
  const report: GradientHealth[] = [];
  for (let start = 0; start < y.length; start += BATCH) {
    const labels = Int32Array.from(y).subarray(start, start + BATCH);
    const [Z, gradient] = tf.tidy(() => {
      const batch = tf.slice(x, start, labels.length);
      const own = tf.tensor1d(labels, 'int32');
      const total = (input: tf.Tensor) => tf.sum(loss(model.logits(input), own));
      return [model.logits(batch), tf.grad(total)(batch)];
    });
    const [logits, slopes] = await Promise.all([Z?.data(), gradient?.data()]);
    tf.dispose([Z, gradient] as tf.Tensor[]);
    for (const [i, label] of labels.entries()) {
      const scores = rowOf(logits as Float32Array, i, labels.length);
      const row = rowOf(slopes as Float32Array, i, labels.length);
      report.push({ gap: gapOf(scores, label), ...sharesOf(row) });
    }
    await setImmediate();
  }
  return report;
}

function rowOf(values: Float32Array, row: number, rows: number): Float32Array {
  const size = values.length / rows;
  return values.subarray(row * size, (row + 1) * size);
}

function gapOf(scores: Float32Array, label: number): number {
  return (scores[label] as number) - Math.max(...scores.filter((_, k) => k !== label));
}

function sharesOf(slopes: Float32Array): Omit<GradientHealth, 'gap'> {
  const share = (found: (slope: number) => boolean): number =>
    slopes.filter(found).length / slopes.length;
  return {
    zero: share((slope) => slope === 0),
    notFinite: share((slope) => !Number.isFinite(slope)),
    underflowed: share((slope) => slope !== 0 && Math.abs(slope) < SMALLEST),
  };
}

/** Images with a gap from `from` up to, not including, `to`. Means over the images. */
export interface HealthBin extends Omit<GradientHealth, 'gap'> {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Share of images without any usable gradient: each feature is zero, underflowed or not finite. */
  readonly dead: number;
}

/** The report by logit gap, between neighbouring edges; bins without images are left out. */
export function healthByGap(
  report: readonly GradientHealth[],
  edges: readonly number[],
): HealthBin[] {
  const bins = edges.slice(0, -1).map((from, i): HealthBin => {
    const to = edges[i + 1] as number;
    const inside = report.filter(({ gap }) => gap >= from && gap < to);
    const average = (of: (one: GradientHealth) => number): number => mean(inside.map(of));
    return {
      from,
      to,
      n: inside.length,
      zero: average((one) => one.zero),
      notFinite: average((one) => one.notFinite),
      underflowed: average((one) => one.underflowed),
      dead: average((one) => Number(one.zero + one.notFinite + one.underflowed > 1 - 1e-9)),
    };
  });
  return bins.filter(({ n }) => n > 0);
}
