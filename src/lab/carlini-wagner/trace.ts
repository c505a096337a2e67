/** One descent of Carlini and Wagner 2017 (arXiv:1608.04644, section 5) with a fixed c, watched from the
 *  inside: the attack itself returns examples, this returns what happened at each step. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { CONSTRAINTS, type Constraint } from '../../attacks/carlini-wagner/box-constraints.js';
import { type Descent, STEPS } from '../../attacks/carlini-wagner/descent.js';
import { perImage } from '../../attacks/check-options.js';
import {
  type BoxConstraint,
  type CarliniWagnerObjective,
  type Classifier,
  carliniWagnerObjective,
  type Images,
  PIXELS,
} from '../../attacks/index.js';
import { squares } from '../../attacks/norm.js';
import { spread } from '../../attacks/rows.js';

export interface TraceOptions {
  /** For all images, or one for each; 0: the distance alone. */
  readonly c: number | readonly number[];
  /** Default `f6`. */
  readonly objective?: CarliniWagnerObjective;
  /** `none`: the image may leave the box. Default `change-of-variables`. */
  readonly constraint?: BoxConstraint | 'none';
  /** Default `adam`. */
  readonly optimizer?: Descent;
  /** Step size, for all images or one for each. */
  readonly lr: number | readonly number[];
  readonly steps: number;
}

/** Numbers stand as [t][image]; t = 0 is the start, t = steps the end. */
export interface DescentTrace {
  /** ‖δ‖₂ of the image that the model sees. */
  readonly distance: readonly (readonly number[])[];
  /** f of that image. */
  readonly f: readonly (readonly number[])[];
  /** ‖δ‖₂² + c · f, the number that is descended. */
  readonly objective: readonly (readonly number[])[];
  readonly reached: readonly (readonly boolean[])[];
  /** Share of the features of the batch for which the free variable stands for a value outside the
   *  box, by step. */
  readonly outside: readonly number[];
  /** Share of the features that no small change of the free variable would move, by step. */
  readonly still: readonly number[];
  /** Share of the proposed step, as a sum of absolute values, that was taken back to stay in the box;
   *  one entry less. */
  readonly removed: readonly number[];
  /** The images that the model sees at each step. The caller owns them. */
  readonly iterates: readonly Images[];
  /** x + δ, of which these are made; with `clipped` it may lie outside the box. The caller owns them. */
  readonly points: readonly tf.Tensor[];
}

/** Descends with a constant step size. x: [N, …] in [0, 1]; target: N classes. Throws UserError on a c
 *  or an lr that is neither one number nor N. */
export async function descentTrace(
  model: Classifier,
  x: Images,
  target: ArrayLike<number>,
  {
    c,
    objective = 'f6',
    constraint = 'change-of-variables',
    optimizer = 'adam',
    lr,
    steps,
  }: TraceOptions,
): Promise<DescentTrace> {
  const way = constraint === 'none' ? UNBOXED : CONSTRAINTS[constraint];
  const f = carliniWagnerObjective(objective);
  const images = x.shape[0] as number;
  const [eachC, eachLr] = [perImage('c', c, images), perImage('lr', lr, images)];
  const rows: Row[] = [];
  const removed: number[] = [];
  const iterates: Images[] = [];
  const points: tf.Tensor[] = [];
  let v = tf.tidy(() => way.at(x, x, PIXELS));
  let memory: readonly tf.Tensor[] = [];
  for (let t = 0; t <= steps; t++) {
    const seen = look(model, x, target, v, { way, f, c: eachC });
    rows.push(await readRow(seen));
    iterates.push(seen.image);
    points.push(seen.point);
    if (t === steps) seen.slope.dispose();
    else {
      const next = moved(v, memory, seen.slope, { way, x, step: STEPS[optimizer], t, lr: eachLr });
      tf.dispose([v, ...memory, seen.slope]);
      [v, memory] = [next.v, next.memory];
      removed.push((await next.removed.data())[0] as number);
      next.removed.dispose();
    }
    await setImmediate();
  }
  tf.dispose([v, ...memory]);
  const column = <K extends keyof Row>(name: K): Row[K][] => rows.map((row) => row[name]);
  return {
    distance: column('distance'),
    f: column('f'),
    objective: column('objective'),
    reached: column('reached'),
    outside: column('outside'),
    still: column('still'),
    removed,
    iterates,
    points,
  };
}

/** No box: x + δ goes where the descent leads. */
const UNBOXED: Constraint = {
  at: (image, x) => tf.sub(image, x),
  image: (v, x) => tf.add(x, v),
  perturbation: (v) => v,
  settle: (v) => v,
};

interface Row {
  readonly distance: number[];
  readonly f: number[];
  readonly objective: number[];
  readonly reached: boolean[];
  readonly outside: number;
  readonly still: number;
}

interface Seen {
  readonly image: Images;
  readonly point: tf.Tensor;
  /** ∇ of the objective in v. */
  readonly slope: tf.Tensor;
  /** Distance, f, objective, reached: [4, N]. */
  readonly summary: tf.Tensor2D;
  /** Outside and still: [2]. */
  readonly shares: tf.Tensor1D;
}

interface Asked {
  readonly way: Constraint;
  readonly f: (Z: tf.Tensor2D, t: tf.Tensor1D) => tf.Tensor1D;
  readonly c: readonly number[];
}

function look(
  model: Classifier,
  x: Images,
  target: ArrayLike<number>,
  v: tf.Tensor,
  { way, f, c }: Asked,
): Seen {
  const [image, point, slope, summary, shares] = tf.tidy(() => {
    const goal = tf.tensor1d(Array.from(target), 'int32');
    const parts: tf.Tensor[] = [];
    const total = (variable: tf.Tensor): tf.Scalar => {
      const at = way.image(variable, x, PIXELS);
      const Z = model.logits(at);
      const value = f(Z, goal);
      const J = tf.add(squares(way.perturbation(variable, at, x)), tf.mul(value, [...c]));
      parts.push(...[at, Z, value, J].map((tensor) => tf.keep(tensor.clone())));
      return tf.sum(J);
    };
    const gradient = tf.grad(total)(v);
    const [at, Z, value, J] = parts as [Images, tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const reached = tf.cast(tf.equal(tf.argMax(Z, 1), goal), 'float32');
    const distance = tf.sqrt(squares(tf.sub(at, x)));
    const free = tf.grad((variable: tf.Tensor) => tf.sum(way.image(variable, x, PIXELS)))(v);
    const point = tf.add(x, way.perturbation(v, at, x));
    const share = (where: tf.Tensor): tf.Tensor => tf.mean(tf.cast(where, 'float32'));
    const result = [
      tf.clone(at),
      point,
      gradient,
      tf.stack([distance, value, J, reached]),
      tf.stack([share(tf.greater(tf.abs(tf.sub(point, at)), 1e-6)), share(tf.equal(free, 0))]),
    ];
    tf.dispose(parts);
    return result;
  }) as [Images, tf.Tensor, tf.Tensor, tf.Tensor2D, tf.Tensor1D];
  return { image, point, slope, summary, shares };
}

async function readRow({ summary, shares }: Seen): Promise<Row> {
  const [distance, f, objective, reached] = (await summary.array()) as [
    number[],
    number[],
    number[],
    number[],
  ];
  const [outside, still] = (await shares.array()) as [number, number];
  tf.dispose([summary, shares]);
  return { distance, f, objective, reached: reached.map((one) => one === 1), outside, still };
}

interface Move {
  readonly way: Constraint;
  readonly x: Images;
  readonly step: (typeof STEPS)[Descent];
  readonly t: number;
  readonly lr: readonly number[];
}

function moved(
  v: tf.Tensor,
  memory: readonly tf.Tensor[],
  slope: tf.Tensor,
  { way, x, step, t, lr }: Move,
): { v: tf.Tensor; memory: readonly tf.Tensor[]; removed: tf.Tensor } {
  const [settled, removed, ...kept] = tf.tidy(() => {
    const next = step(v, slope, memory, t + 1, spread(lr, x));
    const end = tf.clone(way.settle(next.v, x, PIXELS));
    const size = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sum(tf.abs(tf.sub(a, b)));
    const back = tf.div(size(next.v, end), tf.maximum(size(next.v, v), 1e-30));
    return [end, back, ...next.memory];
  }) as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  return { v: settled, memory: kept, removed };
}
