/** Seeded random signs, one stream for each image. */

import * as tf from '@tensorflow/tfjs-core';
import type { Images } from './classifier.js';

/** −1 and +1 with equal chance. shape: [n, …]; `first` is the place of the first image in the whole
 *  input, so that an image's signs do not depend on the batch that it is in. */
export function randomSigns(shape: readonly number[], seed: number, first: number): Images {
  const [count = 0, ...rest] = shape;
  const size = rest.reduce((product, length) => product * length, 1);
  const signs = new Float32Array(count * size);
  for (let i = 0; i < count; i++)
    fillSigns(signs.subarray(i * size, (i + 1) * size), seed, first + i);
  return tf.tensor(signs, [...shape]);
}

/** SplitMix32 (a 32-bit form of Steele, Lea, Flood 2014), started from seed and image. */
function fillSigns(signs: Float32Array, seed: number, image: number): void {
  let state = mix(mix(seed) ^ image);
  for (let k = 0; k < signs.length; k++) {
    state = (state + 0x9e3779b9) | 0;
    signs[k] = mix(state) & 0x10000 ? 1 : -1;
  }
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}
