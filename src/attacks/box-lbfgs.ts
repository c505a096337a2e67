/** L-BFGS in a box, for many small problems at once: each row is a problem of its own.
 *
 *  Nocedal, Wright, Numerical Optimization, 2nd ed., algorithm 7.4 (two-loop recursion), with
 *  projected steps: a feature at a bound whose gradient points out of the box is held, and each
 *  trial point is brought back into the box (Bertsekas 1982). */

import * as tf from '@tensorflow/tfjs-core';
import type { Box } from './classifier.js';
import type { Held } from './held.js';

/** f and ∇f of each row: [n] and [n, d]. The caller owns both. */
export type ValueAndGradient = (x: tf.Tensor2D) => Promise<{
  readonly value: tf.Tensor1D;
  readonly gradient: tf.Tensor2D;
}>;

export interface LbfgsOptions {
  readonly box: Box;
  /** Most steps. */
  readonly iterations: number;
  /** Called at each evaluation of f, with whether each row needed it. */
  readonly onPass: (needed: readonly boolean[]) => void;
}

/** Steps remembered. */
const HISTORY = 10;
/** Halvings of a step that does not lower f. */
const HALVINGS = 12;
/** Share of the predicted decrease that a step must bring (Armijo). */
const SUFFICIENT = 1e-4;

interface Pair {
  readonly s: tf.Tensor2D;
  readonly y: tf.Tensor2D;
  /** 1 / sᵀy, [n, 1]; 0 for rows in which the pair is not used. */
  readonly rho: tf.Tensor2D;
}

interface Point {
  readonly x: tf.Tensor2D;
  readonly value: tf.Tensor1D;
  readonly gradient: tf.Tensor2D;
}

/** A point of the box where f is low, from `start`, [n, d]. A row is finished when no shorter step
 *  lowers f. The result is kept in `held`. */
export async function minimiseInBox(
  f: ValueAndGradient,
  start: tf.Tensor2D,
  { box, iterations, onPass }: LbfgsOptions,
  held: Held,
): Promise<tf.Tensor2D> {
  const pairs: Pair[] = [];
  const evaluate = async (x: tf.Tensor2D, needed: readonly boolean[]): Promise<Point> => {
    onPass(needed);
    const { value, gradient } = await f(x);
    return { x, value: held.keep(value), gradient: held.keep(gradient) };
  };
  let moving = new Array<boolean>(start.shape[0]).fill(true);
  let at = await evaluate(held.keep(tf.clone(start)), moving);
  for (let step = 0; step < iterations && moving.includes(true); step++) {
    const direction = held.keep(tf.tidy(() => descent(at, pairs, box)));
    const next = await search(at, direction, moving, box, evaluate, held);
    pairs.push(difference(at, next.point, held));
    if (pairs.length > HISTORY) forget(pairs.shift() as Pair, held);
    held.free(direction, at.x, at.value, at.gradient);
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
  q = tf.mul(q, scale(pairs));
  for (const { s, y, rho } of pairs) {
    const beta = tf.mul(rho, rowSum(tf.mul(y, q)));
    q = tf.add(q, tf.mul(s, tf.sub(alphas.pop() as tf.Tensor, beta)));
  }
  return q as tf.Tensor2D;
}

/** sᵀy / yᵀy of the latest pair in use, [n, 1]; 1 before there is one. */
function scale(pairs: readonly Pair[]): tf.Tensor {
  return pairs.reduce<tf.Tensor>(
    (gamma, { y, rho }) => {
      const inUse = tf.greater(rho, 0);
      const own = tf.div(1, tf.maximum(tf.mul(rho, rowSum(tf.square(y))), 1e-30));
      return tf.where(inUse, own, gamma);
    },
    tf.onesLike(rowSum(pairs[0]?.s ?? tf.zeros([1, 1]))),
  );
}

/** The first of the steps 1, ½, ¼, … that lowers f enough, for each row that moves. */
async function search(
  at: Point,
  direction: tf.Tensor2D,
  moving: readonly boolean[],
  [low, high]: Box,
  evaluate: (x: tf.Tensor2D, needed: readonly boolean[]) => Promise<Point>,
  held: Held,
): Promise<{ readonly point: Point; readonly moved: boolean[] }> {
  let point: Point = copyOf(at, held);
  let open = [...moving];
  for (let halving = 0; halving < HALVINGS && open.includes(true); halving++) {
    const size = 0.5 ** halving;
    const x = tf.tidy(() => tf.clipByValue(tf.add(at.x, tf.mul(direction, size)), low, high));
    const trial = await evaluate(held.keep(x as tf.Tensor2D), open);
    const lower = await isLowEnough(at, trial);
    const accepted = open.map((isOpen, row) => isOpen && lower[row] === 1);
    const old = point;
    point = mixed(accepted, trial, old, held);
    for (const { x, value, gradient } of [trial, old]) held.free(x, value, gradient);
    open = open.map((isOpen, row) => isOpen && !accepted[row]);
  }
  return { point, moved: moving.map((isMoving, row) => isMoving && !open[row]) };
}

/** 1 for rows in which the step from `at` to `trial` brings enough of the decrease that the slope
 *  promises. */
async function isLowEnough(at: Point, trial: Point): Promise<ArrayLike<number>> {
  const lower = tf.tidy(() => {
    const promised = tf.sum(tf.mul(at.gradient, tf.sub(trial.x, at.x)), 1);
    const enough = tf.lessEqual(trial.value, tf.add(at.value, tf.mul(promised, SUFFICIENT)));
    return tf.logicalAnd(tf.less(trial.value, at.value), enough);
  });
  const rows = await lower.data();
  lower.dispose();
  return rows;
}

/** `trial` in the accepted rows, `old` in the others. */
function mixed(accepted: readonly boolean[], trial: Point, old: Point, held: Held): Point {
  const [x, value, gradient] = tf.tidy(() => {
    const rows = tf.tensor1d([...accepted], 'bool');
    const column = tf.expandDims(rows, 1);
    return [
      tf.where(column, trial.x, old.x),
      tf.where(rows, trial.value, old.value),
      tf.where(column, trial.gradient, old.gradient),
    ];
  }) as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D];
  return { x: held.keep(x), value: held.keep(value), gradient: held.keep(gradient) };
}

function copyOf({ x, value, gradient }: Point, held: Held): Point {
  const copy = <T extends tf.Tensor>(tensor: T): T => held.keep(tf.clone(tensor));
  return { x: copy(x), value: copy(value), gradient: copy(gradient) };
}

/** What a step taught; pairs without positive curvature teach nothing. */
function difference(from: Point, to: Point, held: Held): Pair {
  const [s, y, rho] = tf.tidy(() => {
    const ds = tf.sub(to.x, from.x);
    const dy = tf.sub(to.gradient, from.gradient);
    const sy = rowSum(tf.mul(ds, dy));
    const isUsed = tf.greater(sy, tf.mul(1e-10, rowSum(tf.square(dy))));
    return [ds, dy, tf.where(isUsed, tf.div(1, tf.maximum(sy, 1e-30)), tf.zerosLike(sy))];
  }) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  return { s: held.keep(s), y: held.keep(y), rho: held.keep(rho) };
}

function forget({ s, y, rho }: Pair, held: Held): void {
  held.free(s, y, rho);
}

function rowSum(rows: tf.Tensor): tf.Tensor {
  return tf.sum(rows, 1, true);
}
