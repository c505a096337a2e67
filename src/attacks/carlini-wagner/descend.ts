/** One descent for each image: minimise penalty + c · f, and keep the nearest adversarial point on the
 *  way. The attacks differ in the penalty and in what is near. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from '../classifier.js';
import { type Held, swap } from '../held.js';
import { lead } from '../logits.js';
import { checkGradient, type Loss } from '../loss.js';
import { squares } from '../norm.js';
import { pick, pickRows, replaceRows } from '../rows.js';
import type { Aim } from '../run-attack.js';
import { type BoxConstraint, CONSTRAINTS } from './box-constraints.js';
import { type Descent, STEPS } from './descent.js';

/** What is to be small. δ: the shape of x; the results [n]. */
export interface Size {
  /** What is descended; `rows` are the places of the images in δ. */
  readonly penalty: (delta: tf.Tensor, rows: readonly number[]) => tf.Tensor1D;
  /** What decides which of two adversarial points is nearer. */
  readonly length: (delta: tf.Tensor) => tf.Tensor1D;
  /** An image leaves at its first adversarial point that is no longer than this; default: never. */
  readonly enough?: (row: number) => number;
}

/** The L2 attack: ‖δ‖₂² and ‖δ‖₂. */
export const SQUARED_L2: Size = { penalty: squares, length: (delta) => tf.sqrt(squares(delta)) };

export interface DescendOptions {
  readonly f: Loss;
  /** How far the target must lead, or without one the class fall behind, for a point to count. */
  readonly kappa: number;
  readonly constraint: BoxConstraint;
  readonly optimizer: Descent;
  readonly steps: number;
  readonly lr: number;
  /** `cosine`: lr falls to 0 over the steps, as half a wave. */
  readonly decay: 'cosine' | 'none';
  readonly size: Size;
  /** c rises by 2 % after a step to a point that is not adversarial, and falls as much after others; else
   *  it is fixed. */
  readonly steersC: boolean;
  /** Give up an image when a tenth of the steps lowers its objective by less than one part in 10⁴. */
  readonly abortEarly: boolean;
  /** Return the images after each step. */
  readonly withIterates: boolean;
}

/** What c is multiplied by in a step, and its largest value, as in the authors' code: where no point is
 *  ever adversarial it would grow without end. */
const [GROWTH, LARGEST_C] = [1.02, 1e10];

/** What the descents found, in the order of the images. */
export interface Descended {
  /** The nearest adversarial point met; where none was, the last point. */
  readonly xAdv: Images;
  /** The length of its x′ − x; infinite where no point was adversarial. */
  readonly distance: readonly number[];
  /** First step after which the point was adversarial; −1 for none. */
  readonly firstSuccess: readonly number[];
  readonly forward: readonly number[];
  readonly backward: readonly number[];
  /** c at the end. */
  readonly c: readonly number[];
  /** [t][image]: penalty + c · f after t steps; an image that is given up keeps its last value. */
  readonly objective: readonly (readonly number[])[];
  readonly iterates: readonly Images[];
}

/** Where the descents begin. */
export interface From {
  /** Images of the box. */
  readonly start: Images;
  /** One constant per image: the first ones, if they are steered. */
  readonly c: readonly number[];
  /** Features that may change, as booleans in the shape of x; default all. The start must equal x in
   *  the others. */
  readonly free?: tf.Tensor;
}

/** Images that still descend: tensors in one order. */
interface Position {
  readonly x: Images;
  readonly v: tf.Tensor;
  readonly memory: readonly tf.Tensor[];
}

/** Descends towards the goals of the aim. */
export async function descend(
  model: Classifier,
  aim: Aim,
  { start, c: firstC, free }: From,
  options: DescendOptions,
  held: Held,
): Promise<Descended> {
  const { steps, steersC, abortEarly, withIterates, size } = options;
  const { at: variableAt } = CONSTRAINTS[options.constraint];
  const all = (value: number): number[] => Array.from(aim.goal, () => value);
  const distance = all(Number.POSITIVE_INFINITY);
  const [firstSuccess, forward, backward] = [all(-1), all(0), all(0)];
  const c = [...firstC];
  const objective: number[][] = [];
  const iterates: Images[] = [];
  let rows = [...aim.goal.keys()];
  let xAdv = held.keep(tf.clone(start));
  let at = keepPosition(held, () => ({
    x: tf.clone(aim.x),
    v: variableAt(start, aim.x, aim.box),
    memory: [],
  }));
  for (let t = 0; rows.length > 0; t++) {
    const goals = pick(aim.goal, rows);
    const ask = { rows, goals, c: pick(c, rows), free, withGradient: t < steps };
    const seen = await look(model, aim, at, ask, options, held);
    const values = [...(objective.at(-1) ?? all(0))];
    const nearer: number[] = [];
    rows.forEach((i, place) => {
      values[i] = seen.objective[place] as number;
      forward[i] = (forward[i] as number) + 1;
      if (t < steps) backward[i] = (backward[i] as number) + 1;
      const isReached = seen.reached[place] as boolean;
      if (isReached && firstSuccess[i] === -1) firstSuccess[i] = t;
      if (steersC) c[i] = steered(c[i] as number, isReached);
      const length = seen.distance[place] as number;
      const isNearer = isReached && length < (distance[i] as number);
      if (isNearer) distance[i] = length;
      if (isNearer || firstSuccess[i] === -1) nearer.push(place);
    });
    objective.push(values);
    xAdv = swap(held, xAdv, () =>
      replaceRows(xAdv, pick(rows, nearer), pickRows(seen.image, nearer)),
    );
    if (withIterates) {
      iterates.push(held.keep(replaceRows(iterates.at(-1) ?? start, rows, seen.image)));
    }
    if (seen.gradient === null) break;
    const falling = abortEarly ? stillFalling(objective, rows, t, steps) : [...rows.keys()];
    const stay = falling.filter((place) => {
      const limit = size.enough?.(rows[place] as number) ?? Number.NEGATIVE_INFINITY;
      return !(seen.reached[place] && (seen.distance[place] as number) <= limit);
    });
    rows = pick(rows, stay);
    const [from, slope] = [at, seen.gradient];
    at = keepPosition(held, () =>
      moved(pickPosition(from, stay), pickRows(slope, stay), t, aim, options),
    );
    held.free(...tensorsOf(from), slope, seen.image);
    await tf.nextFrame(); // let messages out between steps
  }
  return { xAdv, distance, firstSuccess, forward, backward, c, objective, iterates };
}

function steered(c: number, isReached: boolean): number {
  return isReached ? c / GROWTH : Math.min(c * GROWTH, LARGEST_C);
}

interface Looked {
  /** penalty + c · f */
  readonly objective: readonly number[];
  /** The length of x′ − x. */
  readonly distance: readonly number[];
  readonly reached: readonly boolean[];
  readonly image: Images;
  /** In v; null when none is asked for. */
  readonly gradient: tf.Tensor | null;
}

/** The images, their objectives, and on the way the gradient. */
async function look(
  model: Classifier,
  { box, targeted }: Aim,
  { x, v }: Position,
  {
    rows,
    goals,
    c,
    free: allFree,
    withGradient,
  }: {
    readonly rows: readonly number[];
    readonly goals: readonly number[];
    readonly c: readonly number[];
    readonly free: tf.Tensor | undefined;
    readonly withGradient: boolean;
  },
  { f, kappa, constraint, size }: DescendOptions,
  held: Held,
): Promise<Looked> {
  const { image: imageOf, perturbation } = CONSTRAINTS[constraint];
  const [image, gradient, summary] = tf.tidy(() => {
    const goal = tf.tensor1d([...goals], 'int32');
    const free = allFree && pickRows(allFree, rows);
    const within = (inside: tf.Tensor, outside: tf.Tensor): tf.Tensor =>
      free === undefined ? inside : tf.where(free, inside, outside);
    const parts: tf.Tensor[] = [];
    const total = (variable: tf.Tensor): tf.Scalar => {
      const inBox = imageOf(variable, x, box);
      const seen = within(inBox, x);
      const Z = model.logits(seen);
      const delta = within(perturbation(variable, inBox, x), tf.zerosLike(x));
      const J = tf.add(size.penalty(delta, rows), tf.mul([...c], f(Z, goal)));
      parts.push(...[seen, Z, J].map((tensor) => tf.keep(tensor.clone())));
      return tf.sum(J);
    };
    const slope = withGradient ? tf.grad(total)(v) : total(v);
    const [seen, Z, J] = parts as [Images, tf.Tensor2D, tf.Tensor1D];
    const reached = tf.cast(isReached(Z, goal, targeted, kappa), 'float32');
    const result = [tf.clone(seen), slope, tf.stack([J, size.length(tf.sub(seen, x)), reached])];
    tf.dispose(parts);
    return result; // without a gradient the second is the sum, and not used
  }) as [Images, tf.Tensor, tf.Tensor2D];
  for (const tensor of [image, gradient, summary]) held.keep(tensor);
  const [objective, distance, reached] = (await summary.array()) as [number[], number[], number[]];
  held.free(summary);
  if (withGradient) await checkGradient(model, gradient);
  else held.free(gradient);
  return {
    objective,
    distance,
    reached: reached.map((one) => one === 1),
    image,
    gradient: withGradient ? gradient : null,
  };
}

/** Whether the target leads by κ, or without one the class is behind by κ. Of equal logits the first
 *  is the class of the image. */
export function isReached(
  Z: tf.Tensor2D,
  goal: tf.Tensor1D,
  targeted: boolean,
  kappa: number,
): tf.Tensor1D {
  const behind = lead(Z, goal);
  const isClass = tf.equal(tf.argMax(Z, 1), goal);
  return targeted
    ? tf.logicalAnd(isClass, tf.lessEqual(behind, -kappa))
    : tf.logicalAnd(tf.logicalNot(isClass), tf.greaterEqual(behind, kappa));
}

function moved(
  { x, v, memory }: Position,
  gradient: tf.Tensor,
  t: number,
  { box }: Aim,
  { constraint, optimizer, steps, lr, decay }: DescendOptions,
): Position {
  const rate = decay === 'cosine' ? (lr * (1 + Math.cos((Math.PI * t) / steps))) / 2 : lr;
  const next = STEPS[optimizer](v, gradient, memory, t + 1, rate);
  return { x, v: CONSTRAINTS[constraint].settle(next.v, x, box), memory: next.memory };
}

/** The places of the images whose objective fell in the last tenth of the steps; all of them between
 *  the tenths. */
function stillFalling(
  objective: readonly (readonly number[])[],
  rows: readonly number[],
  t: number,
  steps: number,
): number[] {
  const places = [...rows.keys()];
  const tenth = Math.ceil(steps / 10);
  if (t === 0 || t % tenth !== 0) return places;
  const [now, before] = [objective[t], objective[t - tenth]] as [number[], number[]];
  return places.filter((place) => {
    const i = rows[place] as number;
    return (now[i] as number) <= 0.9999 * (before[i] as number);
  });
}

function pickPosition({ x, v, memory }: Position, places: readonly number[]): Position {
  const part = (tensor: tf.Tensor): tf.Tensor => pickRows(tensor, places);
  return { x: part(x), v: part(v), memory: memory.map(part) };
}

function tensorsOf({ x, v, memory }: Position): tf.Tensor[] {
  return [x, v, ...memory];
}

function keepPosition(held: Held, make: () => Position): Position {
  const tensors = tf.tidy(() => tensorsOf(make()));
  for (const tensor of tensors) held.keep(tensor);
  const [x, v, ...memory] = tensors as [Images, tf.Tensor, ...tf.Tensor[]];
  return { x, v, memory };
}
