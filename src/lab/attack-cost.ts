/** What attacks reach for what they cost, so that they can be compared at equal cost. Costs are counted
 *  in gradients: seconds depend on the machine and on who else uses it. */

import * as tf from '@tensorflow/tfjs-core';
import type { AttackResult, Norms } from '../attacks/index.js';
import type { LinePoint } from './figures/line-chart.js';
import { mean, wilsonInterval } from './statistics.js';

/** What one run of an attack cost and reached. */
export interface CostPoint {
  /** Backward passes for one image, in the mean. */
  readonly gradients: number;
  /** Share of the images that were fooled. */
  readonly success: number;
  /** The distance within which half of the images were fooled; infinite where fewer were. Unlike the mean
   *  over the fooled ones it does not fall when an attack fails on the hard images. */
  readonly distance: number;
  /** Number of images. */
  readonly n: number;
}

type Outcome = Pick<AttackResult, 'success' | 'norms' | 'backward'>;

/** Cost and gain of a finished run; its distances in the norm. */
export function costOf({ success, norms, backward }: Outcome, norm: keyof Norms): CostPoint {
  const n = success.length;
  const distances = success.map((isFooled, i) =>
    isFooled ? (norms[norm][i] as number) : Number.POSITIVE_INFINITY,
  );
  const nearest = distances.toSorted((a, b) => a - b);
  return {
    gradients: mean(backward),
    success: success.filter(Boolean).length / n,
    distance: nearest[Math.ceil(n / 2) - 1] as number,
    n,
  };
}

/** Runs an attack with one effort after the other, such as numbers of steps, and says what each cost and
 *  reached. The images are disposed. attack: `(steps) => carliniWagner(model, x, y, { steps })`. */
export async function costCurve<Effort>(
  efforts: readonly Effort[],
  norm: keyof Norms,
  attack: (effort: Effort) => Promise<AttackResult>,
): Promise<CostPoint[]> {
  const curve: CostPoint[] = [];
  for (const effort of efforts) {
    const result = await attack(effort);
    tf.dispose([result.xAdv, ...(result.iterates ?? []), ...(result.restarts?.ends ?? [])]);
    curve.push(costOf(result, norm));
  }
  return curve;
}

/** The same from one run of an attack that gives an image up as soon as it is fooled, such as DeepFool,
 *  JSMA, or PGD: what it had reached with at most so many gradients for each image. */
export function costUntilSuccess(
  { success, norms, backward }: Outcome,
  norm: keyof Norms,
  budgets: readonly number[],
): CostPoint[] {
  return budgets.map((budget) => {
    const within = success.map((isFooled, i) => isFooled && (backward[i] as number) <= budget);
    const spent = backward.map((gradients) => Math.min(gradients, budget));
    return costOf({ success: within, norms, backward: spent }, norm);
  });
}

/** Success over gradients, with Wilson's intervals: points for a line chart. */
export function successLine(curve: readonly CostPoint[]): LinePoint[] {
  return curve.map(({ gradients, success, n }) => {
    const [low, high] = wilsonInterval(Math.round(success * n), n);
    return { x: gradients, y: success, low, high };
  });
}

/** Distance over gradients: points for a line chart. An infinite distance has none. */
export function distanceLine(curve: readonly CostPoint[]): LinePoint[] {
  const known = curve.filter(({ distance }) => distance < Number.POSITIVE_INFINITY);
  return known.map(({ gradients, distance }) => ({ x: gradients, y: distance }));
}
