/** The loss on the straight way from one maximum to another: Madry et al. 2018 (arXiv:1706.06083,
 *  appendix A). */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from '../../attacks/index.js';
import { spread } from '../../attacks/rows.js';
import { UserError } from '../../errors.js';
import { random } from '../random.js';
import { mean } from '../statistics.js';
import { lossOf } from '../study.js';

export interface Segment {
  /** Numbers of the points at its ends. */
  readonly from: number;
  readonly to: number;
  /** J at even distances from end to end. */
  readonly losses: readonly number[];
}

export interface SegmentOptions {
  /** How many pairs of points, drawn without repetition. */
  readonly segments: number;
  /** Points on each segment, its ends included; default 21. */
  readonly points?: number;
  readonly seed: number;
}

/** J(θ, ·, label) along segments between pairs of points. maxima: [n, …].
 *  Throws UserError when there are fewer pairs than segments. */
export async function segmentLosses(
  model: Classifier,
  maxima: Images,
  label: number,
  { segments, points = 21, seed }: SegmentOptions,
): Promise<Segment[]> {
  const way = Array.from({ length: points }, (_, k) => k / (points - 1));
  const J = lossOf(model, new Int32Array(points).fill(label));
  const measured: Segment[] = [];
  for (const [from, to] of drawnPairs(maxima.shape[0] as number, segments, seed)) {
    const losses = tf.tidy(() => {
      const [a, b] = [tf.slice(maxima, from, 1), tf.slice(maxima, to, 1)];
      const t = spread(way, a);
      return J(tf.add(a, tf.mul(t, tf.sub(b, a))));
    });
    measured.push({ from, to, losses: Array.from(await losses.data()) });
    losses.dispose();
  }
  return measured;
}

function drawnPairs(n: number, wanted: number, seed: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push([i, j]);
  if (pairs.length < wanted) {
    throw new UserError(`expected points for ${wanted} segments, got ${n} points`, {
      hint: 'n points have n(n − 1) / 2 segments: keep more restarts.',
    });
  }
  const order = random(seed).shuffle(pairs.length).subarray(0, wanted);
  return Array.from(order, (k) => pairs[k] as [number, number]);
}

/** The shape of one segment's losses. `range` below is the largest loss minus the smallest. */
export interface Convexity {
  /** Share of three neighbouring points whose middle lies on or below the line between the others: of
   *  second differences ≥ −tolerance · range. */
  readonly convexShare: number;
  /** The largest second difference below zero, −ΔΔJ / range; 0 on a convex curve. */
  readonly worst: number;
  /** An end has the largest loss. */
  readonly endsHighest: boolean;
  /** J in the middle / mean J of the ends. */
  readonly middleToEnds: number;
  /** The smallest loss. */
  readonly least: number;
}

/** tolerance: default 0.02. losses: an odd number of them, from 3. */
export function convexityOf(losses: readonly number[], tolerance = 0.02): Convexity {
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const range = most - least || 1;
  const bends = losses
    .slice(1, -1)
    .map((J, k) => ((losses[k] as number) - 2 * J + (losses[k + 2] as number)) / range);
  const ends = [losses[0] as number, losses.at(-1) as number];
  return {
    convexShare: bends.filter((bend) => bend >= -tolerance).length / bends.length,
    worst: Math.max(0, ...bends.map((bend) => -bend)),
    endsHighest: Math.max(...ends) === most,
    middleToEnds: (losses[(losses.length - 1) / 2] as number) / mean(ends),
    least,
  };
}
