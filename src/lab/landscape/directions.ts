/** How far PGD follows the gradient at the image: Madry et al. 2018 (arXiv:1706.06083, appendix A). */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, type Images, type PgdOptions, pgd } from '../../attacks/index.js';
import type { Restarts } from '../../attacks/result.js';
import { inputGradient } from '../input-gradient.js';
import { cosine, minus, rowsOf } from './vectors.js';

/** At one ε, one cosine per image and restart, image by image. NaN where the gradient is zero. */
export interface Directions {
  readonly eps: number;
  /** Between δ of PGD and ∇ₓJ at the image. */
  readonly withGradient: readonly number[];
  /** Between δ of PGD and sign ∇ₓJ, the direction of FGSM before it is cut to the box. */
  readonly withSign: readonly number[];
}

/** The directions that PGD takes, over ε; a restart starts in the same direction at every ε, and its
 *  steps are 2.5 ε / steps. x: [N, …] in the box; y: N classes. Throws UserError as `pgd`. */
export async function directionsOverEps(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
  epsGrid: readonly number[],
  options: Omit<PgdOptions, 'eps' | 'alpha' | 'record' | 'untilSuccess' | 'target'>,
): Promise<Directions[]> {
  const [clean, slopes] = [await rowsOf(x), await gradientRows(model, x, y)];
  const signs = slopes.map((slope) => slope.map(Math.sign));
  const report: Directions[] = [];
  for (const eps of epsGrid) {
    const made = await pgd(model, x, Array.from(y), { ...options, eps, record: 'ends' });
    const { ends } = made.restarts as Required<Restarts>;
    const deltas: Float64Array[][] = [];
    for (const [i, points] of ends.entries()) {
      deltas.push((await rowsOf(points)).map((point) => minus(point, clean[i] as Float32Array)));
    }
    tf.dispose([made.xAdv, ...ends]);
    const against = (directions: readonly Float32Array[]): number[] =>
      deltas.flatMap((all, i) => all.map((delta) => cosine(delta, directions[i] as Float32Array)));
    report.push({ eps, withGradient: against(slopes), withSign: against(signs) });
  }
  return report;
}

async function gradientRows(
  model: Classifier,
  x: Images,
  y: ArrayLike<number>,
): Promise<Float32Array[]> {
  const gradient = inputGradient(model, x, y);
  const rows = await rowsOf(gradient);
  gradient.dispose();
  return rows;
}
