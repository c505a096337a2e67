/** Several climbs from each image, of which the best is kept, image by image. */

import * as tf from '@tensorflow/tfjs-core';
import type { Ascended } from './ascent.js';
import { isBetter, NOWHERE, type Standing } from './ascent-log.js';
import type { Images } from './classifier.js';
import { type Climb, oneByOne, together } from './climbs.js';
import { type Held, holding } from './held.js';
import type { Restarts } from './result.js';
import { pickRows, replaceRows } from './rows.js';
import { type Aim, type Attacked, type Batch, pickAim } from './run-attack.js';

export interface RestartOptions {
  /** Climbs from each image. */
  readonly restarts: number;
  /** Climb no more from an image that was fooled. */
  readonly untilSuccess: boolean;
  /** Keep what the single climbs did: their losses, or also where they ended. Not with
   *  `untilSuccess`, where some climbs never begin. */
  readonly record?: 'loss' | 'ends' | undefined;
}

/** Climbs once from each of these images; row k of all that it gives belongs to climb k. */
export type ClimbOnce = (aim: Aim, climbs: readonly Climb[], held: Held) => Promise<Ascended>;

/** The best climb of each image: one that fooled the model before others, then the one of highest
 *  loss (with a target: lowest), then the first. */
export async function bestOfRestarts(
  batch: Batch,
  { restarts, untilSuccess, record }: RestartOptions,
  climbOnce: ClimbOnce,
  held: Held,
): Promise<Attacked> {
  const runs = Array.from(batch.goal, newRun);
  const isOpen = (i: number): boolean => !runs[i]?.best.isSuccess;
  const waves = untilSuccess ? oneByOne(batch, restarts, isOpen) : together(batch, restarts);
  const ends: Images[] = [];
  let xAdv = held.keep(tf.clone(batch.x));
  for (const climbs of waves) {
    const places = climbs.map(({ image }) => image - batch.start);
    const done = await holding((inner) => climbOnce(pickAim(batch, places, inner), climbs, inner));
    for (const tensor of [done.xAdv, ...(done.iterates ?? [])]) held.keep(tensor);
    const better = places.flatMap((place, row) =>
      enter(runs[place] as Run, done, row) ? row : [],
    );
    // Later rows of one image were better still: the last one replaces the others.
    const winner = new Map(better.map((row) => [places[row] as number, row]));
    const winners = pickRows(done.xAdv, [...winner.values()]);
    const next = held.keep(replaceRows(xAdv, [...winner.keys()], winners));
    winners.dispose();
    held.free(xAdv, done.xAdv);
    xAdv = next;
    if (record !== undefined) noteClimbs(runs, places, done);
    ends.push(...(done.iterates ?? []));
  }
  return {
    xAdv: held.give(xAdv),
    after: {
      predicted: runs.map(({ predicted }) => predicted),
      loss: runs.map(({ lossAfter }) => lossAfter),
    },
    firstSuccess: runs.map(({ firstSuccess }) => firstSuccess),
    forward: runs.map(({ forward }) => forward),
    backward: runs.map(({ backward }) => backward),
    loss: stepByStep(runs.map(({ loss }) => loss)),
    ...(record !== undefined && { restarts: recordOf(runs, ends) }),
  };
}

/** What is kept of the climbs of one image. */
interface Run {
  best: Standing;
  predicted: number;
  lossAfter: number;
  firstSuccess: number;
  loss: readonly number[];
  forward: number;
  backward: number;
  readonly climbs: { readonly loss: readonly number[]; readonly isSuccess: boolean }[];
}

function newRun(): Run {
  const nothing = { predicted: -1, lossAfter: 0, firstSuccess: -1, loss: [] };
  return { best: NOWHERE, ...nothing, forward: 0, backward: 0, climbs: [] };
}

/** Enters one climb, row `row` of what was done; true when it is the best so far. */
function enter(run: Run, done: Ascended, row: number): boolean {
  run.forward += done.forward[row] as number;
  run.backward += done.backward[row] as number;
  const standing = done.best[row] as Standing;
  if (!isBetter(standing, run.best)) return false;
  run.best = standing;
  run.predicted = done.after.predicted[row] as number;
  run.lossAfter = done.after.loss[row] as number;
  run.firstSuccess = done.firstSuccess[row] as number;
  run.loss = column(done.loss, row);
  return true;
}

function noteClimbs(runs: readonly Run[], places: readonly number[], done: Ascended): void {
  places.forEach((place, row) => {
    const { isSuccess } = done.best[row] as Standing;
    runs[place]?.climbs.push({ loss: column(done.loss, row), isSuccess });
  });
}

function column(table: readonly (readonly number[])[], k: number): number[] {
  return table.map((row) => row[k] as number);
}

/** [step][image] from [image][step]; a climb that ended early keeps its last loss. */
function stepByStep(losses: readonly (readonly number[])[]): number[][] {
  const steps = Math.max(...losses.map(({ length }) => length));
  return Array.from({ length: steps }, (_, t) =>
    losses.map((loss) => loss[Math.min(t, loss.length - 1)] as number),
  );
}

function recordOf(runs: readonly Run[], ends: readonly Images[]): Restarts {
  return {
    loss: runs.map(({ climbs }) => climbs.map(({ loss }) => loss)),
    success: runs.map(({ climbs }) => climbs.map((climb) => climb.isSuccess)),
    ...(ends.length > 0 && { ends: tf.tidy(() => tf.split(tf.concat([...ends]), runs.length)) }),
  };
}
