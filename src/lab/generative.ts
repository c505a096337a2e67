/** Classifiers that model how the digits of each class look, p(x | y), and answer by Bayes' rule:
 *  Z_y = log p(x | y) + log p(y). They are fitted in closed form. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../attacks/index.js';
import { flat } from '../attacks/norm.js';
import { choleskyInverse } from './cholesky.js';
import type { Dataset } from './dataset.js';

/** Independent pixels that are on (≥ 0.5) with a probability of their own in each class, smoothed by
 *  one: naive Bayes. log p is linear in x, which may lie between 0 and 1. */
export async function bernoulliBayes(data: Dataset): Promise<Classifier> {
  const [w, b] = tf.tidy(() => {
    const own = tf.oneHot(tf.tensor1d(data.y, 'int32'), data.classes); // [N, classes]
    const on = tf.cast(tf.greaterEqual(flat(data.x), 0.5), 'float32');
    const counts = tf.sum(own, 0);
    const p = tf.div(tf.add(tf.matMul(on, own, true), 1), tf.add(counts, 2)); // [d, classes]
    const off = tf.log(tf.sub(1, p));
    return [tf.sub(tf.log(p), off), tf.add(tf.sum(off, 0), logShares(counts, data.size))];
  }) as [tf.Tensor2D, tf.Tensor1D];
  return classifier('naive Bayes', data, (x) => tf.add(tf.matMul(flat(x), w), b));
}

/** One Gaussian for each class, with a covariance that all share (`shared`: Z is linear in x) or one
 *  of its own (`own`: quadratic). `ridge` is added to the variances, since some pixels never change. */
export async function gaussianBayes(
  data: Dataset,
  covariance: 'shared' | 'own',
  ridge = 0.01,
): Promise<Classifier> {
  const groups = groupsOf(data);
  const d = data.x.size / data.size;
  const parts = covariance === 'own' ? groups.map((one) => [one]) : [groups];
  const whitened: { readonly W: tf.Tensor2D; readonly logDeterminant: number }[] = [];
  for (const part of parts) {
    const S = tf.tidy(() => pooled(part));
    const { inverse, logDeterminant } = choleskyInverse(await S.data(), d, ridge);
    S.dispose();
    whitened.push({ W: tf.tensor2d(inverse, [d, d]), logDeterminant });
  }
  const classes = groups.map(({ rows, mean }, k) => {
    rows.dispose();
    const own = whitened[covariance === 'own' ? k : 0] as (typeof whitened)[number];
    const prior = Math.log((rows.shape[0] as number) / data.size);
    return { W: own.W, shift: prior - own.logDeterminant / 2, mean };
  });
  const logits = (x: tf.Tensor): tf.Tensor2D => {
    const columns = classes.map(({ W, shift, mean }) => {
      const away = tf.matMul(tf.sub(flat(x), mean), W, false, true);
      return tf.sub(shift, tf.mul(tf.sum(tf.square(away), 1), 0.5));
    });
    return tf.stack(columns, 1) as tf.Tensor2D;
  };
  return classifier(`Gaussians, ${covariance} covariance`, data, logits);
}

interface Group {
  /** Digits of one class minus their mean, [n, d]. */
  readonly rows: tf.Tensor2D;
  /** [1, d] */
  readonly mean: tf.Tensor2D;
}

function groupsOf({ x, y, classes }: Dataset): Group[] {
  return Array.from({ length: classes }, (_, label) => {
    const places = [...y.keys()].filter((i) => y[i] === label);
    const [rows, mean] = tf.tidy(() => {
      const own = flat(tf.gather(x, tf.tensor1d(places, 'int32')));
      const middle = tf.mean(own, 0, true);
      return [tf.sub(own, middle), middle];
    }) as [tf.Tensor2D, tf.Tensor2D];
    return { rows, mean };
  });
}

/** Covariance of the groups around their own means, [d, d]. */
function pooled(groups: readonly Group[]): tf.Tensor2D {
  const total = groups.reduce((sum, { rows }) => sum + rows.shape[0], 0);
  return tf.div(tf.addN(groups.map(({ rows }) => tf.matMul(rows, rows, true))), total);
}

function classifier(
  name: string,
  { x, classes }: Dataset,
  logits: (x: tf.Tensor) => tf.Tensor,
): Classifier {
  const inputShape = x.shape.slice(1);
  return {
    name,
    inputShape,
    classes,
    logits: (input) => tf.tidy(() => logits(input)) as tf.Tensor2D,
  };
}

function logShares(counts: tf.Tensor, total: number): tf.Tensor {
  return tf.log(tf.div(counts, total));
}
