/** The loss around single images, climbed from many random starts: Madry et al. 2018
 *  (arXiv:1706.06083, section 3.1 and appendix A). */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, type Images, type PgdOptions, pgd } from '../../attacks/index.js';
import type { Restarts } from '../../attacks/result.js';
import { progress } from '../publish.js';
import { mean, quantile, spread } from '../statistics.js';

/** What many climbs from one image found. */
export interface Climbs {
  readonly label: number;
  /** J in nats after 0, 1, … steps: [restart][step]. */
  readonly curves: readonly (readonly number[])[];
  /** J where each restart ended. */
  readonly finalLosses: readonly number[];
  /** Share of the restarts that met a point of another class. */
  readonly success: number;
  /** Where the restarts ended, the last point and not the best: [restarts, ...inputShape]. The caller
   *  owns them. */
  readonly maxima: Images;
  /** How many gradients were taken. */
  readonly gradients: number;
}

/** Climbs J from random points of the ball around each image, all steps of all restarts. x: [N, …] in
 *  the box; y: N classes. Throws UserError as `pgd`. */
export async function climbsFrom(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  options: Omit<PgdOptions, 'record' | 'untilSuccess' | 'target'>,
): Promise<Climbs[]> {
  const report: Climbs[] = [];
  for (const [i, label] of Array.from(y).entries()) {
    const image = tf.slice(x, i, 1);
    try {
      const made = await pgd(model, image, [label], { ...options, record: 'ends' });
      made.xAdv.dispose();
      const { loss, success, ends } = made.restarts as Required<Restarts>;
      const curves = loss[0] as readonly (readonly number[])[];
      report.push({
        label,
        curves,
        finalLosses: curves.map((curve) => curve.at(-1) as number),
        success: mean((success[0] as readonly boolean[]).map(Number)),
        maxima: ends[0] as Images,
        gradients: made.backward[0] as number,
      });
    } finally {
      image.dispose();
    }
    progress(`restarts on ${model.name}`, i + 1, y.length);
  }
  return report;
}

/** The share of the whole rise of J that is made after 0, 1, … steps, over all curves together. */
export function riseBySteps(curves: Climbs['curves']): number[] {
  const steps = curves[0]?.map((_, t) => mean(curves.map((curve) => curve[t] as number))) ?? [];
  const [bottom, top] = [steps[0] as number, steps.at(-1) as number];
  return steps.map((J) => (J - bottom) / (top - bottom));
}

/** How close together losses lie. */
export interface Concentration {
  readonly mean: number;
  readonly median: number;
  /** Sample standard deviation; NaN of one loss. */
  readonly deviation: number;
  /** deviation / mean */
  readonly relative: number;
  /** The largest distance from the mean, in deviations; NaN where all losses are equal. */
  readonly largestZ: number;
}

/** Throws UserError without losses. */
export function concentrationOf(losses: readonly number[]): Concentration {
  const { mean: centre, deviation = Number.NaN } = spread(losses);
  const farthest = losses.reduce((most, J) => Math.max(most, Math.abs(J - centre)), 0);
  return {
    mean: centre,
    median: quantile(losses, 0.5),
    deviation,
    relative: deviation / centre,
    largestZ: farthest / deviation,
  };
}

/** The loss to expect from the best of n restarts, for each n: the mean over all ways to choose n of
 *  them, so that their order does not count. counts: each at most the number of losses. */
export function bestOf(losses: readonly number[], counts: readonly number[]): number[] {
  const rising = [...losses].sort((a, b) => a - b);
  return counts.map((n) => {
    // P(all n are among the k smallest) = k(k − 1)…(k − n + 1) / N(N − 1)…(N − n + 1), from k = N on.
    let [within, expected] = [1, 0];
    for (let k = rising.length; k >= n; k--) {
      const below = (within * (k - n)) / k;
      expected += (rising[k - 1] as number) * (within - below);
      within = below;
    }
    return expected;
  });
}
