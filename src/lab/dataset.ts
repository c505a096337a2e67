/** Images with their labels, and the smaller sets made from them. */

import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import type { Images } from '../attacks/index.js';
import { UserError } from '../errors.js';

/** A set of labelled examples. Its methods make new sets and leave this one as it is. */
export interface Dataset {
  readonly name: string;
  /** float32, [size, ...shape of one example]. */
  readonly x: Images;
  /** One class per example, from 0 to classes − 1. */
  readonly y: Int32Array;
  readonly size: number;
  readonly classes: number;
  /** Names the contents exactly: two sets with the same key hold the same numbers. */
  readonly key: string;
  /** The first n examples. */
  take(n: number): Dataset;
  /** Examples from `start` up to, not including, `end`. */
  slice(start: number, end: number): Dataset;
  /** The examples of some classes, relabelled 0, 1, … in the order given: `only(3, 7)` makes
   *  3 the class 0 and 7 the class 1. */
  only(...classes: readonly number[]): Dataset;
  /** Square images averaged down to side × side: 14 or 7 for digits of 28. */
  resize(side: number): Dataset;
}

/** A data set of given examples. x: [N, …]; y: N classes.
 *  key: leave it out to have the contents hashed. */
export function dataset(
  name: string,
  x: Images,
  y: ArrayLike<number>,
  classes: number,
  key: string = contentKey(x, y),
): Dataset {
  const size = x.shape[0] as number;
  if (y.length !== size) {
    throw new UserError(`expected ${size} labels for ${name}, got ${y.length}`, {
      hint: 'Give one label per example.',
    });
  }
  const made: Dataset = {
    name,
    x,
    y: Int32Array.from(y),
    size,
    classes,
    key,
    take: (n) => sliced(made, 0, n),
    slice: (start, end) => sliced(made, start, end),
    only: (...kept) => onlyClasses(made, kept),
    resize: (side) => resized(made, side),
  };
  return made;
}

/** Values rounded to multiples of 1/255, what an 8-bit image can hold. Same shape. */
export function roundTo8Bits(x: Images): Images {
  return tf.tidy(() => tf.div(tf.round(tf.mul(x, 255)), 255));
}

function sliced(from: Dataset, start: number, end: number): Dataset {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > from.size) {
    throw new UserError(
      `expected a range within 0 … ${from.size} of ${from.name}, got ${start} … ${end}`,
      { hint: 'Ask for fewer examples.' },
    );
  }
  const x = tf.slice(from.x, start, end - start);
  const { name, classes } = from;
  return dataset(name, x, from.y.slice(start, end), classes, `${from.key}/${start}-${end}`);
}

function onlyClasses(from: Dataset, kept: readonly number[]): Dataset {
  const rows = [...from.y.keys()].filter((i) => kept.includes(from.y[i] as number));
  const found = new Set(rows.map((i) => from.y[i] as number));
  const missing = kept.find((label) => !found.has(label));
  if (kept.length < 2 || missing !== undefined) {
    const got = missing === undefined ? `${kept.length}` : `none of class ${missing}`;
    throw new UserError(`expected two or more classes that occur in ${from.name}, got ${got}`, {
      hint: 'Name classes that the set holds: data.only(3, 7).',
    });
  }
  const x = tf.tidy(() => tf.gather(from.x, tf.tensor1d(rows, 'int32')));
  const y = rows.map((i) => kept.indexOf(from.y[i] as number));
  const label = kept.join(' versus ');
  return dataset(`${from.name}, ${label}`, x, y, kept.length, `${from.key}/only-${kept.join('-')}`);
}

function resized(from: Dataset, side: number): Dataset {
  const [, height, width] = from.x.shape;
  if (from.x.rank !== 4 || height !== width || (height as number) % side !== 0) {
    throw new UserError(`expected a divisor of the side of ${from.name}'s images, got ${side}`, {
      hint: 'Digits of 28 × 28 pixels go to 14 or 7.',
    });
  }
  if (side === height) return from;
  const factor = (height as number) / side;
  const x = tf.avgPool(from.x as tf.Tensor4D, factor, factor, 'valid');
  const name = `${from.name}, ${side} × ${side}`;
  return dataset(name, x, from.y, from.classes, `${from.key}/side-${side}`);
}

function contentKey(x: Images, y: ArrayLike<number>): string {
  const hash = createHash('sha256').update(x.shape.join(','));
  // The view itself: its buffer may be a larger one that holds other numbers too.
  return hash.update(x.dataSync()).update(Int32Array.from(y)).digest('hex');
}
