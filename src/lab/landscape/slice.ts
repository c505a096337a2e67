/** A plane through three points, and the loss over it. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from '../../attacks/index.js';
import { spread } from '../../attacks/rows.js';
import { UserError } from '../../errors.js';
import { lossOf } from '../study.js';
import { dot, minus, rowsOf } from './vectors.js';

/** x + a·u + b·v, with u and v of length 1 and at right angles. */
export interface Plane {
  /** [1, …], the origin. The caller owns the three tensors. */
  readonly x: Images;
  readonly u: Images;
  readonly v: Images;
  /** (a, b) of each point of [N, …]: where it lies, or where its shadow falls. */
  coordinates(points: Images): Promise<[a: number, b: number][]>;
}

/** The plane through x, p and q, each [1, …]; u points from x to p, and q lies on the side of v.
 *  Throws UserError when the three lie on one line. */
export async function planeThrough(x: Images, p: Images, q: Images): Promise<Plane> {
  const [origin, first, second] = (await rowsOf(tf.concat([x, p, q]))) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const u = unit(minus(first, origin));
  const toSecond = minus(second, origin);
  const along = dot(toSecond, u);
  const v = unit(toSecond.map((value, i) => value - along * (u[i] as number)));
  const asImage = (vector: Float64Array): Images => tf.tensor(Float32Array.from(vector), x.shape);
  return {
    x: tf.clone(x),
    u: asImage(u),
    v: asImage(v),
    coordinates: async (points) =>
      (await rowsOf(points)).map((point) => {
        const delta = minus(point, origin);
        return [dot(delta, u), dot(delta, v)];
      }),
  };
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 1e-6) return vector.map((value) => value / length);
  throw new UserError('expected three points that span a plane, got points on one line', {
    hint: 'Take the ends of two other restarts.',
  });
}

export interface LossPlaneOptions {
  /** Ranges of a and b. */
  readonly a: readonly [low: number, high: number];
  readonly b: readonly [low: number, high: number];
  /** Cells on a side, default 41. */
  readonly cells?: number;
}

/** J in the middle of one cell. */
export interface LossCell {
  readonly a: number;
  readonly b: number;
  readonly loss: number;
}

/** J(θ, x + a·u + b·v, label) in the middle of each cell, row by row of equal b. Points outside the
 *  box count too: the slice shows the function, not the allowed set. */
export async function lossOverPlane(
  model: Classifier,
  label: number,
  { x, u, v }: Pick<Plane, 'x' | 'u' | 'v'>,
  { a, b, cells = 41 }: LossPlaneOptions,
): Promise<LossCell[]> {
  const middles = ([low, high]: readonly [number, number]): number[] =>
    Array.from({ length: cells }, (_, i) => low + ((i + 0.5) * (high - low)) / cells);
  const [columns, rows] = [middles(a), middles(b)];
  const J = lossOf(model, new Int32Array(cells).fill(label));
  const found: LossCell[] = [];
  for (const row of rows) {
    const losses = tf.tidy(() => {
      const amounts = spread(columns, x);
      return J(tf.add(tf.add(x, tf.mul(v, row)), tf.mul(amounts, u)));
    });
    const values = await losses.data();
    losses.dispose();
    found.push(...columns.map((column, i) => ({ a: column, b: row, loss: values[i] as number })));
    await setImmediate();
  }
  return found;
}
