/** How far apart points around an image lie, and at what angles. */

import type { Images } from '../../attacks/index.js';
import { cosine, distance, minus, rowsOf } from './vectors.js';

/** One number per pair of points, in the order (0, 1), (0, 2), …, (1, 2), … */
export interface Pairs {
  /** ‖a − b‖₂ */
  readonly distances: readonly number[];
  /** Degrees between a − x and b − x. */
  readonly angles: readonly number[];
}

/** All pairs of the points. points: [n, …]; x: [1, …]. */
export async function pairsOf(points: Images, x: Images): Promise<Pairs> {
  const [centre] = (await rowsOf(x)) as [Float32Array];
  const deltas = (await rowsOf(points)).map((point) => minus(point, centre));
  const [distances, angles]: [number[], number[]] = [[], []];
  for (const [i, a] of deltas.entries()) {
    for (const b of deltas.slice(i + 1)) {
      distances.push(distance(a, b));
      angles.push((Math.acos(cosine(a, b)) * 180) / Math.PI);
    }
  }
  return { distances, angles };
}
