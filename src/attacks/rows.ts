/** Some images of a batch, and a batch with some images changed. */

import * as tf from '@tensorflow/tfjs-core';
import type { Images } from './classifier.js';

/** The images at these places, in this order. */
export function pickRows(images: Images, places: readonly number[]): Images {
  if (places.length === images.shape[0]) return tf.clone(images);
  if (places.length === 0) return tf.slice(images, 0, 0);
  return tf.tidy(() => tf.gather(images, tf.tensor1d([...places], 'int32')));
}

/** `images` with those at `places` replaced by the rows of `by`. */
export function replaceRows(images: Images, places: readonly number[], by: Images): Images {
  if (places.length === 0) return tf.clone(images);
  const count = images.shape[0] as number;
  const from = Array.from({ length: count }, (_, i) => i);
  places.forEach((place, row) => {
    from[place] = count + row;
  });
  return tf.tidy(() => tf.gather(tf.concat([images, by]), tf.tensor1d(from, 'int32')));
}
