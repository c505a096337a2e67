/** The frame around every attack: checks first, then batch after batch, then one record. */

import * as tf from '@tensorflow/tfjs-core';
import { checkBatchSize } from './check-options.js';
import {
  type Box,
  type Classifier,
  checkImages,
  type Images,
  type Labels,
  PIXELS,
  readLabels,
} from './classifier.js';
import { type Held, holding } from './held.js';
import {
  type AttackResult,
  type Norms,
  perturbationNorms,
  type Restarts,
  type Tested,
} from './result.js';
import { pick, pickRows } from './rows.js';

/** What may be set for any attack. */
export interface AttackOptions {
  /** Classes to reach, one per image; absent: leave the class y. */
  readonly target?: Labels;
  /** Range of the features, default [0, 1]; `UNBOUNDED` for made-up data. */
  readonly box?: Box;
  /** Images per pass, default 1,000. */
  readonly batchSize?: number;
}

/** Images, and what an attack is to reach on each. */
export interface Aim {
  /** [n, ...inputShape] */
  readonly x: Images;
  /** The class y of each image. */
  readonly y: Int32Array;
  /** The class to leave, or with a target the class to reach, one per image. */
  readonly goal: Int32Array;
  readonly targeted: boolean;
  readonly box: Box;
}

/** The same for the images at these places, in this order; a place may come more than once. */
export function pickAim(aim: Aim, places: readonly number[], held: Held): Aim {
  const at = (labels: Int32Array): Int32Array => Int32Array.from(pick(labels, places));
  const { x, y, goal, targeted, box } = aim;
  return { x: held.keep(pickRows(x, places)), y: at(y), goal: at(goal), targeted, box };
}

/** One batch of the input. */
export interface Batch extends Aim {
  /** Index of the first image in the whole input. */
  readonly start: number;
  /** Most images of one pass. */
  readonly size: number;
}

/** What an attack has to say of one batch. */
export interface Attacked {
  readonly xAdv: Images;
  /** Class and loss on `xAdv`. */
  readonly after: Tested;
  /** Whether it has what is asked beside the class, such as a lead of κ; absent: nothing is. */
  readonly hasLead?: readonly boolean[];
  readonly firstSuccess: readonly number[];
  readonly forward: readonly number[];
  readonly backward: readonly number[];
  /** [step][image] */
  readonly loss: readonly (readonly number[])[];
  /** [step], each the shape of x. */
  readonly iterates?: readonly Images[];
  /** What each restart did. */
  readonly restarts?: Restarts;
}

/** One batch attacked. What is kept in `held` is freed afterwards. */
export type AttackBatch = (batch: Batch, held: Held) => Promise<Attacked>;

/** Runs an attack over the batches of x. Throws UserError on wrong shapes, labels or ranges. */
export async function runAttack(
  attack: string,
  model: Classifier,
  x: Images,
  y: Labels,
  { target, box = PIXELS, batchSize = 1000 }: AttackOptions,
  attackBatch: AttackBatch,
): Promise<AttackResult> {
  checkBatchSize(batchSize);
  await checkImages(model, x, box);
  const count = x.shape[0] as number;
  const labels = await readLabels(model, y, count);
  const goal = target === undefined ? labels : await readLabels(model, target, count);
  const targeted = target !== undefined;
  return holding(async (held) => {
    const parts: Part[] = [];
    for (let start = 0; start < count; start += batchSize) {
      const ends = goal.slice(start, start + batchSize);
      const rows = held.keep(tf.slice(x, start, ends.length));
      const aim = { x: rows, y: labels.slice(start, start + batchSize), goal: ends, targeted, box };
      const done = await holding((inner) => attackBatch({ ...aim, start, size: batchSize }, inner));
      for (const tensor of tensorsOf(done)) held.keep(tensor);
      parts.push({ ...done, norms: await perturbationNorms(rows, done.xAdv) });
      held.free(rows);
      await tf.nextFrame(); // a long attack must not stop the event loop
    }
    const isClass = (label: number, i: number) => isReached(label, goal[i] as number, targeted);
    const result = record(attack, parts, isClass);
    for (const ends of result.restarts?.ends ?? []) held.give(ends);
    return result;
  });
}

/** Whether the class is the one to reach, or without a target not the one to leave. */
export function isReached(label: number, goal: number, targeted: boolean): boolean {
  return (label === goal) === targeted;
}

/** All tensors that came out of one batch. */
function tensorsOf({ xAdv, iterates = [], restarts }: Attacked): Images[] {
  return [xAdv, ...iterates, ...(restarts?.ends ?? [])];
}

interface Part extends Attacked {
  readonly norms: Norms;
}

function record(
  attack: string,
  parts: readonly Part[],
  isClass: (label: number, i: number) => boolean,
): AttackResult {
  const all = (read: (part: Part) => readonly number[]): number[] => parts.flatMap(read);
  const predicted = all(({ after }) => after.predicted);
  const hasLead = parts.flatMap((part) => part.hasLead ?? part.after.predicted.map(() => true));
  const iterates = joinedSteps(parts);
  const restarts = joinedRestarts(parts);
  return {
    attack,
    xAdv: tf.tidy(() => tf.concat(parts.map(({ xAdv }) => xAdv))),
    predicted,
    success: predicted.map((label, i) => isClass(label, i) && (hasLead[i] as boolean)),
    norms: {
      l0: all(({ norms }) => norms.l0),
      l1: all(({ norms }) => norms.l1),
      l2: all(({ norms }) => norms.l2),
      linf: all(({ norms }) => norms.linf),
    },
    forward: all(({ forward }) => forward),
    backward: all(({ backward }) => backward),
    firstSuccess: all(({ firstSuccess }) => firstSuccess),
    loss: joinedLosses(parts),
    ...(iterates && { iterates }),
    ...(restarts && { restarts }),
  };
}

/** The losses of all batches, step by step; a batch that ended early keeps its last ones. */
function joinedLosses(parts: readonly Part[]): number[][] {
  const steps = Math.max(...parts.map(({ loss }) => loss.length));
  return Array.from({ length: steps }, (_, t) =>
    parts.flatMap(({ loss }) => loss[Math.min(t, loss.length - 1)] ?? []),
  );
}

function joinedSteps(parts: readonly Part[]): Images[] | undefined {
  const steps = parts.map(({ iterates }) => iterates ?? []);
  const length = Math.max(...steps.map((one) => one.length));
  if (length === 0) return undefined;
  return Array.from({ length }, (_, t) =>
    tf.tidy(() => tf.concat(steps.map((one) => one[Math.min(t, one.length - 1)] as Images))),
  );
}

function joinedRestarts(parts: readonly Part[]): Restarts | undefined {
  const all = parts.flatMap(({ restarts }) => restarts ?? []);
  if (all.length === 0) return undefined;
  const ends = all.flatMap((one) => one.ends ?? []);
  return {
    loss: all.flatMap(({ loss }) => loss),
    success: all.flatMap(({ success }) => success),
    ...(ends.length > 0 && { ends }),
  };
}
