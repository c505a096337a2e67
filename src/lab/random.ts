/** Seeded random numbers: the same seed gives the same numbers on every machine and engine. */

import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { UserError } from '../errors.js';

export interface Random {
  /** n numbers in [low, high), default [0, 1). */
  uniform(n: number, low?: number, high?: number): Float32Array;
  /** n normal numbers, default mean 0 and standard deviation 1. */
  normal(n: number, mean?: number, deviation?: number): Float32Array;
  /** n numbers −1 or +1, each with probability one half. */
  signs(n: number): Float32Array;
  /** n numbers 1 / keep with probability `keep`, else 0: what dropout multiplies with. */
  mask(n: number, keep: number): Float32Array;
  /** The numbers 0 … n − 1 in random order. */
  shuffle(n: number): Int32Array;
}

/** A stream of random numbers; each call takes the next ones. seed: a whole number. */
export function random(seed: number): Random {
  if (!Number.isInteger(seed)) {
    throw new UserError(`expected a whole number as seed, got ${seed}`, {
      hint: 'Any whole number will do: 1, 2, 3.',
    });
  }
  const generator = mersenne(seed);
  const next = (): number => uniformFloat64(generator);
  const draw = (n: number, one: () => number): Float32Array => {
    const values = new Float32Array(n);
    for (let i = 0; i < n; i++) values[i] = one();
    return values;
  };
  return {
    uniform: (n, low = 0, high = 1) => draw(n, () => low + (high - low) * next()),
    normal: (n, mean = 0, deviation = 1) => draw(n, () => mean + deviation * boxMuller(next)),
    signs: (n) => draw(n, () => (next() < 0.5 ? -1 : 1)),
    // One draw of 32 bits is enough here, and masks are drawn by the million.
    mask: (n, keep) => draw(n, () => (generator.next() >>> 0 < keep * 2 ** 32 ? 1 / keep : 0)),
    shuffle: (n) => shuffled(n, next),
  };
}

/** The seed of one part of a seeded work, such as one step of a training: the same seed and the same
 *  path give the same number, any other a different one. */
export function childSeed(seed: number, ...path: readonly (string | number)[]): number {
  const text = JSON.stringify([seed, ...path]);
  return createHash('sha256').update(text).digest().readInt32LE();
}

/** Uniform numbers in [low, high) as a tensor of the given shape. */
export function uniformTensor(
  shape: readonly number[],
  seed: number,
  low = 0,
  high = 1,
): tf.Tensor {
  return tf.tensor(random(seed).uniform(sizeOf(shape), low, high), [...shape]);
}

/** Standard normal numbers as a tensor of the given shape: images of noise. */
export function normalTensor(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(random(seed).normal(sizeOf(shape)), [...shape]);
}

/** Numbers −1 or +1 as a tensor of the given shape: a random direction of the max norm. */
export function signTensor(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(random(seed).signs(sizeOf(shape)), [...shape]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** One normal number; the second of the pair is dropped, so that a draw has no hidden state. */
function boxMuller(next: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - next()));
  return radius * Math.cos(2 * Math.PI * next());
}

/** Fisher and Yates. */
function shuffled(n: number, next: () => number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const swapped = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swapped;
  }
  return order;
}
