/** Seeded random signs, one stream for each image. */

import * as tf from '@tensorflow/tfjs-core';
import type { Images } from './classifier.js';
import { randomStream } from './random-stream.js';

/** −1 and +1 with equal chance. shape: [n, …]; `first` is the place of the first image in the whole
 *  input, so that an image's signs do not depend on the batch that it is in. */
export function randomSigns(shape: readonly number[], seed: number, first: number): Images {
  const [count = 0, ...rest] = shape;
  const size = rest.reduce((product, length) => product * length, 1);
  const signs = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const next = randomStream(seed, first + i);
    for (let k = i * size; k < (i + 1) * size; k++) signs[k] = next() < 0.5 ? -1 : 1;
  }
  return tf.tensor(signs, [...shape]);
}
