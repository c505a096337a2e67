/** The max-norm balls around points of a plane are squares: Madry et al. 2018 (arXiv:1706.06083,
 *  figure 3). */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../../attacks/index.js';
import type { Dataset } from '../dataset.js';
import { marginOf } from '../study.js';

/** A point of the data and the square of side 2ε around it. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly label: number;
  /** The point itself gets its class. */
  readonly right: boolean;
  /** So does every point of the square that was looked at. */
  readonly kept: boolean;
  /** Where in the square the margin of the class is smallest. */
  readonly worst: { readonly x: number; readonly y: number };
}

/** Looks at side × side points of each square, its corners among them. data: points of a plane, in
 *  two classes. side: an odd number, default 41, so that the point itself is one of them. */
export async function squaresOf(
  model: Classifier,
  data: Dataset,
  eps: number,
  side = 41,
): Promise<Square[]> {
  const moves = Array.from({ length: side }, (_, i) => eps * ((2 * i) / (side - 1) - 1));
  const offsets = moves.flatMap((dx) => moves.map((dy): [number, number] => [dx, dy]));
  const points = (await data.x.array()) as [number, number][];
  const squares: Square[] = [];
  for (const [i, [x, y]] of points.entries()) {
    const label = data.y[i] as number;
    const margins = tf.tidy(() => {
      const inside = tf.tensor2d(offsets.map(([dx, dy]) => [x + dx, y + dy]));
      const labels = new Array<number>(offsets.length).fill(label);
      return marginOf(model, labels)(inside).dataSync();
    });
    const least = margins.indexOf(Math.min(...margins));
    const [dx, dy] = offsets[least] as [number, number];
    squares.push({
      x,
      y,
      label,
      right: (margins[(offsets.length - 1) / 2] as number) > 0,
      kept: (margins[least] as number) > 0,
      worst: { x: x + dx, y: y + dy },
    });
  }
  return squares;
}
