/** Random points of the ball around an image: where PGD starts, and what its maxima are held against. */

import * as tf from '@tensorflow/tfjs-core';
import { type Box, type Images, PIXELS } from '../../attacks/index.js';
import { childSeed, random } from '../random.js';

export interface RandomPointsOptions {
  /** ε in the max norm. */
  readonly eps: number;
  readonly count: number;
  readonly seed: number;
  /** `uniform` in the ball (default), or its `corners`, where each feature moves by ±ε. */
  readonly kind?: 'uniform' | 'corners';
  /** Range of the features, default [0, 1]. */
  readonly box?: Box;
}

/** Points of the ball around x, cut to the box: a feature at the edge of the box stays there with
 *  chance one half. So two of them are nearer to each other, and at a smaller angle, than in the whole
 *  ball, where the angle is 90° and the mean square distance 2dε²/3, or 2dε² for corners.
 *  x: [1, …]; the result: [count, …]. */
export function randomPoints(
  x: Images,
  { eps, count, seed, kind = 'uniform', box = PIXELS }: RandomPointsOptions,
): Images {
  const moves = new Float32Array(count * x.size);
  for (let k = 0; k < count; k++) {
    const draws = random(childSeed(seed, kind, k));
    const move = kind === 'uniform' ? draws.uniform(x.size, -1, 1) : draws.signs(x.size);
    moves.set(move, k * x.size);
  }
  return tf.tidy(() => {
    const delta = tf.mul(tf.tensor(moves, [count, ...x.shape.slice(1)]), eps);
    return tf.clipByValue(tf.add(x, delta), ...box);
  });
}
