/** Augmentation in the usual sense: digits that could have been drawn that way. */

import * as tf from '@tensorflow/tfjs-core';
import { type Dataset, dataset } from './dataset.js';
import { random } from './random.js';

export interface Augmentation {
  readonly seed: number;
  /** Most pixels to either side, default 2. */
  readonly shift?: number;
  /** Most degrees to either side, default 15. */
  readonly degrees?: number;
}

/** The examples, and after them a shifted and turned copy of each. Square grey images, black
 *  outside, bilinear. */
export async function withMovedCopies(
  data: Dataset,
  { seed, shift = 2, degrees = 15 }: Augmentation,
): Promise<Dataset> {
  const side = data.x.shape[1] as number;
  const pixels = await data.x.data();
  const { size } = data;
  const draws = random(seed);
  const [right, down] = [draws.uniform(size, -shift, shift), draws.uniform(size, -shift, shift)];
  const angles = draws.uniform(size, (-degrees * Math.PI) / 180, (degrees * Math.PI) / 180);
  const moved = new Float32Array(pixels.length);
  for (let i = 0; i < size; i++) {
    const place = [right[i], down[i], angles[i]] as unknown as Place;
    moveImage(pixels, moved, i * side * side, side, place);
  }
  const x = tf.tidy(() => tf.concat([data.x, tf.tensor(moved, data.x.shape)]));
  const key = `${data.key}/moved-${seed}-${shift}-${degrees}`;
  return dataset(`${data.name}, with moved copies`, x, [...data.y, ...data.y], data.classes, key);
}

type Place = readonly [right: number, down: number, angle: number];

/** Each pixel of the result asks where it came from. */
function moveImage(
  from: ArrayLike<number>,
  to: Float32Array,
  start: number,
  side: number,
  [right, down, angle]: Place,
): void {
  const centre = (side - 1) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (row: number, column: number): number => {
    const inside = row >= 0 && row < side && column >= 0 && column < side;
    return inside ? (from[start + row * side + column] as number) : 0;
  };
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [u, v] = [column - centre - right, row - centre - down];
      const [x, y] = [cos * u + sin * v + centre, -sin * u + cos * v + centre];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [dx, dy] = [x - left, y - top];
      to[start + row * side + column] =
        (1 - dy) * ((1 - dx) * at(top, left) + dx * at(top, left + 1)) +
        dy * ((1 - dx) * at(top + 1, left) + dx * at(top + 1, left + 1));
    }
  }
}
