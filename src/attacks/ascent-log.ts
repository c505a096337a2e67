/** The book that a climb keeps of each image: its first success, passes and losses. */

import type { Tested } from './result.js';
import { type Aim, isReached } from './run-attack.js';

/** How good a point is for an attack. */
export interface Standing {
  readonly isSuccess: boolean;
  readonly score: number;
}

/** Worse than any point. */
export const NOWHERE: Standing = { isSuccess: false, score: Number.NEGATIVE_INFINITY };

/** An adversarial point is better than others; among equals the higher score counts. */
export function isBetter(point: Standing, than: Standing): boolean {
  return point.isSuccess === than.isSuccess ? point.score > than.score : point.isSuccess;
}

/** What is written down of a climb: a row for each image of the batch. */
export interface Log {
  readonly aim: Aim;
  readonly firstSuccess: number[];
  readonly forward: number[];
  readonly backward: number[];
  readonly loss: number[][];
}

export function newLog(aim: Aim): Log {
  const all = <T>(value: T): T[] => Array.from(aim.goal, () => value);
  return {
    aim,
    firstSuccess: all(-1),
    forward: all(0),
    backward: all(0),
    loss: [],
  };
}

/** Writes down what was seen after t steps. `points` are in the order of `rows`; `open` are the places
 *  in `rows` of the images that are not adversarial. */
export function note(
  log: Log,
  { predicted, loss }: Tested,
  rows: readonly number[],
  t: number,
  withGradient: boolean,
): { readonly points: readonly Standing[]; readonly open: readonly number[] } {
  const { goal, targeted } = log.aim;
  const points: Standing[] = [];
  const open: number[] = [];
  const losses = [...(log.loss.at(-1) ?? log.forward)];
  rows.forEach((i, place) => {
    const isSuccess = isReached(predicted[place] as number, goal[i] as number, targeted);
    const J = loss[place] as number;
    points.push({ isSuccess, score: targeted ? -J : J });
    if (!isSuccess) open.push(place);
    else if (log.firstSuccess[i] === -1) log.firstSuccess[i] = t;
    losses[i] = J;
    log.forward[i] = (log.forward[i] as number) + 1;
    if (withGradient) log.backward[i] = (log.backward[i] as number) + 1;
  });
  log.loss.push(losses);
  return { points, open };
}
