/** A model seen along a line and over a plane through one input. */

import * as tf from '@tensorflow/tfjs-core';
import { checkLogits } from '../attacks/classifier.js';
import type { Classifier, Images } from '../attacks/index.js';
import { argMaxRows } from '../attacks/result.js';

/** Logits at x + a·direction for each amount a: one row of `classes` numbers per amount.
 *  x: one input, [1, …]; direction: the same shape. Throws UserError for NaN and infinite logits, and
 *  for probabilities. */
export async function logitsAlong(
  model: Classifier,
  x: Images,
  direction: tf.Tensor,
  amounts: readonly number[],
): Promise<number[][]> {
  const Z = tf.tidy(() => {
    const scale = tf.tensor1d([...amounts]);
    const moved = tf.mul(asColumn(scale, x), tf.reshape(direction, x.shape));
    return model.logits(tf.add(x, moved));
  });
  try {
    const rows = await Z.array();
    checkLogits(model, rows.flat());
    return rows;
  } finally {
    Z.dispose();
  }
}

export interface PlaneOptions {
  /** The plane reaches from −extent to extent in both directions. */
  readonly extent: number;
  /** Cells on a side, default 41. */
  readonly cells?: number;
}

/** Class at x + a·u + b·v in the middle of each cell: classes[row][column], a grows with the
 *  column and b with the row. x: one input, [1, …]; u, v: the same shape. For `decisionSlice`. */
export async function planeClasses(
  model: Classifier,
  x: Images,
  u: tf.Tensor,
  v: tf.Tensor,
  { extent, cells = 41 }: PlaneOptions,
): Promise<number[][]> {
  const middle = (i: number): number => extent * ((2 * i + 1) / cells - 1);
  const steps = Array.from({ length: cells }, (_, i) => middle(i));
  const rows: number[][] = [];
  for (const b of steps) {
    const base = tf.tidy(() => tf.add(x, tf.mul(tf.reshape(v, x.shape), b)));
    const logits = await logitsAlong(model, base, u, steps);
    base.dispose();
    rows.push(argMaxRows(logits.flat(), model.classes));
  }
  return rows;
}

function asColumn(scale: tf.Tensor1D, x: Images): tf.Tensor {
  return tf.reshape(scale, [scale.size, ...x.shape.slice(1).map(() => 1)]);
}
