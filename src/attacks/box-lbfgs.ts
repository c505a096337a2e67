/** L-BFGS in a box, for many small problems at once: each row is a problem of its own.
 *
 *  Nocedal, Wright, Numerical Optimization, 2nd ed., algorithm 7.4 (two-loop recursion), with
 *  projected steps: a feature at a bound whose gradient points out of the box is held, and each
 *  trial point is brought back into the box (Bertsekas 1982). A step that is too long is shortened by
 *  the parabola through what is known of f on it (section 3.5). */

import * as tf from '@tensorflow/tfjs-core';
import type { Box } from './classifier.js';
import { type Held, swap } from './held.js';
import { pick, pickRows, replaceRows } from './rows.js';

/** f and ∇f of the problems `rows`: [m] and [m, d], from their points, [m, d]. The caller owns both. */
export type ValueAndGradient = (
  x: tf.Tensor2D,
  rows: readonly number[],
) => Promise<{
  readonly value: tf.Tensor1D;
  readonly gradient: tf.Tensor2D;
}>;

export interface LbfgsOptions {
  readonly box: Box;
  /** Most steps. */
  readonly iterations: number;
}

/** Steps remembered. */
const HISTORY = 10;
/** Lengths of a step to try, and the least and most that the next keeps of the last one. */
const [TRIALS, LEAST, MOST] = [4, 0.1, 0.5];
/** Share of the predicted decrease that a step must bring (Armijo). */
const SUFFICIENT = 1e-4;

interface Pair {
  readonly s: tf.Tensor2D;
  readonly y: tf.Tensor2D;
  /** 1 / sᵀy, [n, 1]; 0 for rows in which the pair is not used. */
  readonly rho: tf.Tensor2D;
  /** sᵀy / yᵀy of the latest pair in use, [n, 1]; 1 before there is one. */
  readonly gamma: tf.Tensor2D;
}

interface Point {
  readonly x: tf.Tensor2D;
  readonly value: tf.Tensor1D;
  readonly gradient: tf.Tensor2D;
}

/** A point of the box where f is low, from `start`, [n, d]. A row is finished when no length of
 *  its step that is tried lowers f enough. The result is kept in `held`. */
export async function minimiseInBox(
  f: ValueAndGradient,
  start: tf.Tensor2D,
  { box, iterations }: LbfgsOptions,
  held: Held,
): Promise<tf.Tensor2D> {
  const pairs: Pair[] = [];
  const evaluate = async (x: tf.Tensor2D, rows: readonly number[]): Promise<Point> => {
    const { value, gradient } = await f(x, rows);
    return { x, value: held.keep(value), gradient: held.keep(gradient) };
  };
  let moving = Array.from({ length: start.shape[0] }, (_, row) => row);
  let at = await evaluate(held.keep(tf.clone(start)), moving);
  for (let step = 0; step < iterations && moving.length > 0; step++) {
    const direction = held.keep(tf.tidy(() => descent(at, pairs, box)));
    const next = await search(at, direction, moving, box, evaluate, held);
    pairs.push(difference(at, next.point, pairs.at(-1), held));
    if (pairs.length > HISTORY) forget(pairs.shift() as Pair, held);
    free(at, held);
    held.free(direction);
    [at, moving] = [next.point, next.moved];
    await tf.nextFrame(); // let messages out between steps
  }
  for (const pair of pairs) forget(pair, held);
  held.free(at.value, at.gradient);
  return at.x;
}

/** −H ∇f on the features that may move; in rows where that does not point downhill, −∇f cut to a
 *  length of 1 (L1), as for the first step. */
function descent({ x, gradient }: Point, pairs: readonly Pair[], [low, high]: Box): tf.Tensor2D {
  const isHeld = tf.logicalOr(
    tf.logicalAnd(tf.lessEqual(x, low), tf.greater(gradient, 0)),
    tf.logicalAnd(tf.greaterEqual(x, high), tf.less(gradient, 0)),
  );
  const free = tf.sub(1, tf.cast(isHeld, 'float32'));
  const slope = tf.mul(gradient, free) as tf.Tensor2D;
  const steep = tf.neg(tf.div(slope, tf.maximum(rowSum(tf.abs(slope)), 1))) as tf.Tensor2D;
  if (pairs.length === 0) return steep;
  const quasi = tf.neg(tf.mul(inverseHessianTimes(slope, pairs), free)) as tf.Tensor2D;
  return tf.where(tf.less(rowSum(tf.mul(quasi, slope)), 0), quasi, steep);
}

/** The two loops. */
function inverseHessianTimes(q0: tf.Tensor2D, pairs: readonly Pair[]): tf.Tensor2D {
  let q: tf.Tensor = q0;
  const alphas: tf.Tensor[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = tf.mul(rho, rowSum(tf.mul(s, q)));
    alphas.push(alpha);
    q = tf.sub(q, tf.mul(alpha, y));
  }
  q = tf.mul(q, (pairs.at(-1) as Pair).gamma);
  for (const { s, y, rho } of pairs) {
    const beta = tf.mul(rho, rowSum(tf.mul(y, q)));
    q = tf.add(q, tf.mul(s, tf.sub(alphas.pop() as tf.Tensor, beta)));
  }
  return q as tf.Tensor2D;
}

/** The first step that lowers f enough, for each row that moves: the whole one, then shorter ones. */
async function search(
  at: Point,
  direction: tf.Tensor2D,
  moving: readonly number[],
  [low, high]: Box,
  evaluate: (x: tf.Tensor2D, rows: readonly number[]) => Promise<Point>,
  held: Held,
): Promise<{ readonly point: Point; readonly moved: number[] }> {
  let point = pickPoint(at, [...Array(at.x.shape[0]).keys()], held);
  let open = [...moving];
  let lengths = open.map(() => 1);
  for (let trial = 0; trial < TRIALS && open.length > 0; trial++) {
    const from = pickPoint(at, open, held);
    const x = tf.tidy(() => {
      const step = tf.mul(pickRows(direction, open), tf.tensor2d(lengths, [open.length, 1]));
      return tf.clipByValue(tf.add(from.x, step), low, high);
    });
    const tried = await evaluate(held.keep(x as tf.Tensor2D), open);
    const shares = await shareToKeep(from, tried);
    const places = [...open.keys()];
    const hits = places.filter((place) => shares[place] === 1);
    const found = pickPoint(tried, hits, held);
    point = replacePoint(point, pick(open, hits), found, held);
    for (const one of [from, tried, found]) free(one, held);
    const misses = places.filter((place) => shares[place] !== 1);
    lengths = misses.map((place) => (lengths[place] as number) * (shares[place] as number));
    open = pick(open, misses);
  }
  return { point, moved: moving.filter((row) => !open.includes(row)) };
}

/** How much of each step to keep: 1, all of it, where it brings enough of the decrease that the slope promises,
 *  else the share at which the parabola through both values and the slope is lowest. */
async function shareToKeep(from: Point, tried: Point): Promise<number[]> {
  const both = tf.tidy(() => {
    const promised = tf.sum(tf.mul(from.gradient, tf.sub(tried.x, from.x)), 1);
    return tf.stack([promised, tf.sub(tried.value, from.value)]);
  }) as tf.Tensor2D;
  const [promised, change] = (await both.array()) as [number[], number[]];
  both.dispose();
  return promised.map((slope, place) => {
    const rise = change[place] as number;
    if (rise < 0 && rise <= SUFFICIENT * slope) return 1;
    const lowest = slope / (2 * (slope - rise));
    return Number.isFinite(lowest) ? Math.min(Math.max(lowest, LEAST), MOST) : LEAST;
  });
}

function pickPoint({ x, value, gradient }: Point, rows: readonly number[], held: Held): Point {
  return {
    x: held.keep(pickRows(x, rows)),
    value: held.keep(pickRows(value, rows)),
    gradient: held.keep(pickRows(gradient, rows)),
  };
}

/** The point with these rows replaced; the old one is freed. */
function replacePoint(old: Point, rows: readonly number[], by: Point, held: Held): Point {
  return {
    x: swap(held, old.x, () => replaceRows(old.x, rows, by.x)),
    value: swap(held, old.value, () => replaceRows(old.value, rows, by.value)),
    gradient: swap(held, old.gradient, () => replaceRows(old.gradient, rows, by.gradient)),
  };
}

function free({ x, value, gradient }: Point, held: Held): void {
  held.free(x, value, gradient);
}

/** What a step taught; pairs without positive curvature teach nothing. */
function difference(from: Point, to: Point, last: Pair | undefined, held: Held): Pair {
  const [s, y, rho, gamma] = tf.tidy(() => {
    const ds = tf.sub(to.x, from.x);
    const dy = tf.sub(to.gradient, from.gradient);
    const [sy, yy] = [rowSum(tf.mul(ds, dy)), rowSum(tf.square(dy))];
    const isUsed = tf.greater(sy, tf.mul(1e-10, yy));
    const inverse = tf.where(isUsed, tf.div(1, tf.maximum(sy, 1e-30)), tf.zerosLike(sy));
    const own = tf.div(sy, tf.maximum(yy, 1e-30));
    return [ds, dy, inverse, tf.where(isUsed, own, last?.gamma ?? tf.onesLike(sy))];
  }) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  for (const tensor of [s, y, rho, gamma]) held.keep(tensor);
  return { s, y, rho, gamma };
}

function forget({ s, y, rho, gamma }: Pair, held: Held): void {
  held.free(s, y, rho, gamma);
}

function rowSum(rows: tf.Tensor): tf.Tensor {
  return tf.sum(rows, 1, true);
}
