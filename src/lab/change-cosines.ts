/** Whether two attacks move an image the same way. */

import type { Images } from '../attacks/index.js';
import { cosine, minus, rowsOf } from './landscape/vectors.js';

/** The cosine between the changes a − x and b − x, image by image; NaN where one of them is zero.
 *  All of one shape, [N, …]. */
export async function changeCosines(x: Images, a: Images, b: Images): Promise<number[]> {
  const [clean, first, second] = [await rowsOf(x), await rowsOf(a), await rowsOf(b)];
  return clean.map((row, i) =>
    cosine(minus(first[i] as Float32Array, row), minus(second[i] as Float32Array, row)),
  );
}
