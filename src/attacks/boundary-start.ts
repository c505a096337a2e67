/** Where the boundary attack begins: at given points, or at the first noise that is adversarial. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { type Classifier, checkImages, type Images, PIXELS } from './classifier.js';
import type { Held } from './held.js';
import { type RandomStream, randomStream } from './random-stream.js';
import { classesOf } from './result.js';
import { pick, pickRows, replaceRows } from './rows.js';
import { type AttackOptions, type Batch, isReached } from './run-attack.js';

/** Most draws of noise for one image. */
const DRAWS = 100;

export interface FirstPoints {
  /** The shape of x; x itself where it is adversarial already, and where no point was found. */
  readonly points: Images;
  /** Whether the point is adversarial. */
  readonly found: readonly boolean[];
  /** Places of the images that have a way to go. */
  readonly walking: readonly number[];
  /** Forward passes spent on each image. */
  readonly queries: number[];
}

/** Refuses starts of another shape or outside the box, and noise without bounds. */
export async function checkStart(
  model: Classifier,
  x: Images,
  start: Images | undefined,
  { box = PIXELS }: AttackOptions,
): Promise<void> {
  if (start === undefined) {
    if (box.every(Number.isFinite)) return;
    throw new UserError(`expected a box with bounds, got [${box.join(', ')}]`, {
      hint: 'Pass { start }, an adversarial point for each image: noise needs bounds.',
    });
  }
  await checkImages(model, start, box);
  if (start.shape[0] !== x.shape[0]) {
    throw new UserError(`expected ${x.shape[0]} starts, one per image, got ${start.shape[0]}`, {
      hint: 'Slice images and starts alike.',
    });
  }
}

/** An adversarial point for each image. Throws UserError for a given start that is not one. */
export async function firstPoints(
  model: Classifier,
  batch: Batch,
  { seed, start }: { readonly seed: number; readonly start: Images | undefined },
  held: Held,
): Promise<FirstPoints> {
  const clean = await hits(model, batch, batch.x, [...batch.goal.keys()]);
  const open = clean.flatMap((isHit, i) => (isHit ? [] : i));
  const { points, walking, draws } =
    start === undefined
      ? await fromNoise(model, batch, open, seed, held)
      : await fromGiven(model, batch, open, start, held);
  const found = [...clean];
  for (const i of walking) found[i] = true;
  return { points, found, walking, queries: draws.map((count) => count + 1) };
}

interface Begun {
  readonly points: Images;
  readonly walking: number[];
  /** Points tried for each image. */
  readonly draws: number[];
}

async function fromGiven(
  model: Classifier,
  batch: Batch,
  open: readonly number[],
  start: Images,
  held: Held,
): Promise<Begun> {
  const here = held.keep(tf.slice(start, batch.start, batch.goal.length));
  const given = held.keep(pickRows(here, open));
  const wrong = (await hits(model, batch, given, open)).indexOf(false);
  if (wrong >= 0) {
    const image = batch.start + (open[wrong] as number);
    throw new UserError(`expected adversarial starts, got one that is not for image ${image}`, {
      hint: 'Take an image that the model puts into another class, with a target into the target.',
    });
  }
  const draws = Array.from(batch.goal, () => 0);
  for (const i of open) draws[i] = 1;
  return { points: held.keep(replaceRows(batch.x, open, given)), walking: [...open], draws };
}

async function fromNoise(
  model: Classifier,
  batch: Batch,
  open: readonly number[],
  seed: number,
  held: Held,
): Promise<Begun> {
  const streams = Array.from(batch.goal, (_, i) => randomStream(seed, batch.start + i));
  const draws = Array.from(batch.goal, () => 0);
  const walking: number[] = [];
  let points = held.keep(tf.clone(batch.x));
  let left = [...open];
  for (let draw = 0; draw < DRAWS && left.length > 0; draw++) {
    const tried = held.keep(uniform(batch, pick(streams, left)));
    const isHit = await hits(model, batch, tried, left);
    for (const i of left) draws[i] = draw + 1;
    const places = [...left.keys()].filter((place) => isHit[place]);
    const lucky = held.keep(pickRows(tried, places));
    const next = held.keep(replaceRows(points, pick(left, places), lucky));
    held.free(points, tried, lucky);
    points = next;
    walking.push(...pick(left, places));
    left = left.filter((_, place) => !isHit[place]);
  }
  return { points, walking: walking.sort((a, b) => a - b), draws };
}

/** Whether the images at these places of the batch are where the attack wants them. */
export async function hits(
  model: Classifier,
  { goal, targeted }: Batch,
  images: Images,
  places: readonly number[],
): Promise<boolean[]> {
  if (places.length === 0) return [];
  const labels = await classesOf(model, images);
  return labels.map((label, row) =>
    isReached(label, goal[places[row] as number] as number, targeted),
  );
}

/** Uniform noise in the box, one image from each stream. */
function uniform({ x, box: [low, high] }: Batch, streams: readonly RandomStream[]): Images {
  const shape = [streams.length, ...x.shape.slice(1)];
  const size = x.size / (x.shape[0] as number);
  const values = new Float32Array(streams.length * size);
  for (let k = 0; k < values.length; k++) {
    const next = streams[Math.floor(k / size)] as RandomStream;
    values[k] = low + (high - low) * next();
  }
  return tf.tensor(values, shape);
}
