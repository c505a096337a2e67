/** Images as plain vectors, in double precision: sums over 784 pixels keep all their digits. */

import type { Images } from '../../attacks/index.js';

/** The rows of [N, …], each a vector. */
export async function rowsOf(images: Images): Promise<Float32Array[]> {
  const values = (await images.data()) as Float32Array;
  const count = images.shape[0] as number;
  const size = values.length / count;
  return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
}

/** a − b */
export function minus(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, i) => value - (b[i] as number));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** ‖a − b‖₂ */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}

/** aᵀb / ‖a‖‖b‖, within [−1, 1]; NaN where one of them is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const value = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return Math.max(-1, Math.min(1, value));
}
