/** The book that a climb keeps of each image: its best point, first success, passes and losses. */

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
  readonly best: Standing[];
  readonly firstSuccess: number[];
  readonly forward: number[];
  readonly backward: number[];
  readonly loss: number[][];
}

export function newLog(aim: Aim): Log {
  const all = <T>(value: T): T[] => Array.from(aim.goal, () => value);
  return {
    aim,
    best: all(NOWHERE),
    firstSuccess: all(-1),
    forward: all(0),
    backward: all(0),
    loss: [],
  };
}

/** Writes down what was seen after t steps. `improved` and `open` are places in `rows`: the images
 *  that were never better, and those that are not adversarial. */
export function note(
  log: Log,
  { predicted, loss }: Tested,
  rows: readonly number[],
  t: number,
  withGradient: boolean,
): { readonly score: number[]; readonly improved: number[]; readonly open: number[] } {
  const { goal, targeted } = log.aim;
  const [score, improved, open]: [number[], number[], number[]] = [[], [], []];
  const losses = [...(log.loss.at(-1) ?? log.forward)];
  rows.forEach((i, place) => {
    const isSuccess = isReached(predicted[place] as number, goal[i] as number, targeted);
    const J = loss[place] as number;
    const point = { isSuccess, score: targeted ? -J : J };
    score.push(point.score);
    if (isBetter(point, log.best[i] as Standing)) {
      log.best[i] = point;
      improved.push(place);
    }
    if (!isSuccess) open.push(place);
    else if (log.firstSuccess[i] === -1) log.firstSuccess[i] = t;
    losses[i] = J;
    log.forward[i] = (log.forward[i] as number) + 1;
    if (withGradient) log.backward[i] = (log.backward[i] as number) + 1;
  });
  log.loss.push(losses);
  return { score, improved, open };
}
