/** Some rows of a batch, and a batch with some rows changed. */

import * as tf from '@tensorflow/tfjs-core';

/** The rows of a tensor at these places, in this order; a place may come more than once. */
export function pickRows<T extends tf.Tensor>(rows: T, places: readonly number[]): T {
  if (areAll(places, rows)) return tf.clone(rows);
  if (places.length === 0) return tf.slice(rows, 0, 0);
  return tf.tidy(() => tf.gather(rows, tf.tensor1d([...places], 'int32')));
}

/** `rows` with those at `places` replaced by the rows of `by`. */
export function replaceRows<T extends tf.Tensor>(rows: T, places: readonly number[], by: T): T {
  if (places.length === 0) return tf.clone(rows);
  if (areAll(places, rows)) return tf.clone(by);
  const count = rows.shape[0] as number;
  const from = Array.from({ length: count }, (_, i) => i);
  places.forEach((place, row) => {
    from[place] = count + row;
  });
  return tf.tidy(() => tf.gather(tf.concat<T>([rows, by]), tf.tensor1d(from, 'int32')));
}

/** One number for each image, in a shape that spreads over the images. */
export function spread(values: readonly number[], images: tf.Tensor): tf.Tensor {
  return tf.tensor([...values], [values.length, ...images.shape.slice(1).map(() => 1)]);
}

/** The entries of a list at these places, in this order. */
export function pick<T>(values: ArrayLike<T>, places: readonly number[]): T[] {
  return places.map((place) => values[place] as T);
}

/** A copy of a list with new entries at these places. */
export function replaceEntries<T>(
  values: readonly T[],
  places: readonly number[],
  by: readonly T[],
): T[] {
  const copy = [...values];
  places.forEach((place, row) => {
    copy[place] = by[row] as T;
  });
  return copy;
}

/** Whether the places are all rows in their order. */
function areAll(places: readonly number[], rows: tf.Tensor): boolean {
  return places.length === rows.shape[0] && places.every((place, row) => place === row);
}
