/** Where a climb starts: a uniform random point of the ball around each image. */

import * as tf from '@tensorflow/tfjs-core';
import type { Box, Images } from './classifier.js';
import type { Climb } from './climbs.js';
import type { Norm } from './norm.js';
import { fillNormal, type RandomStream, randomStream } from './random-stream.js';

export interface StartOptions {
  readonly norm: Norm;
  /** Radius of the ball, in the norm. */
  readonly radius: number;
  readonly seed: number;
}

/** x plus a perturbation that is uniform in the ball, cut to the box. x: [n, …], one row for each of
 *  the climbs. The same seed, image and restart give the same perturbation. */
export function randomStart(
  x: Images,
  climbs: readonly Climb[],
  { norm, radius, seed }: StartOptions,
  [low, high]: Box,
): Images {
  if (radius === 0) return tf.clone(x);
  const size = x.size / climbs.length;
  const delta = new Float32Array(x.size);
  climbs.forEach(({ image, restart }, row) => {
    const values = delta.subarray(row * size, (row + 1) * size);
    FILL[norm](values, radius, randomStream(seed, image, restart));
  });
  return tf.tidy(() => tf.clipByValue(tf.add(x, tf.tensor(delta, x.shape)), low, high));
}

type Fill = (values: Float32Array, radius: number, next: RandomStream) => void;

const FILL: { readonly [norm in Norm]: Fill } = {
  linf(values, radius, next) {
    for (let k = 0; k < values.length; k++) values[k] = radius * (2 * next() - 1);
  },
  /** A normal vector has every direction alike; the radius grows as the d-th root of a uniform
   *  number, since the volume within r grows as r^d. */
  l2(values, radius, next) {
    fillNormal(values, next);
    const length = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
    const scale = (radius * next() ** (1 / values.length)) / length;
    for (let k = 0; k < values.length; k++) values[k] = (values[k] as number) * scale;
  },
  /** d + 1 exponential numbers over their sum are uniform in a simplex; the last one is the slack. */
  l1(values, radius, next) {
    let sum = -Math.log(1 - next());
    for (let k = 0; k < values.length; k++) {
      const size = -Math.log(1 - next());
      sum += size;
      values[k] = next() < 0.5 ? -size : size;
    }
    for (let k = 0; k < values.length; k++) values[k] = ((values[k] as number) * radius) / sum;
  },
};
