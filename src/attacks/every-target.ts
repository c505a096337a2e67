/** One attack towards every class: the best, average and worst case of Carlini, Wagner 2017
 *  (arXiv:1608.04644, section 2.2). */

import { type Classifier, type Images, type Labels, readLabels } from './classifier.js';
import type { AttackResult, Norms } from './result.js';
import { pickRows } from './rows.js';
import type { AttackOptions } from './run-attack.js';

/** Any attack that takes targets. */
export type TargetedAttack<Options extends AttackOptions | undefined> = (
  model: Classifier,
  x: Images,
  y: Labels,
  options: Options,
) => Promise<AttackResult>;

/** What an attack did towards every class but the image's own. */
export interface EveryTarget {
  /** targets[i]: the classes that image i was sent to, in rising order. */
  readonly targets: readonly (readonly number[])[];
  /** All of it in one record: what became of image i towards targets[i][k] stands in row
   *  i · targets[i].length + k. The caller owns its images. */
  readonly result: AttackResult;
}

/** Attacks each image towards each class but y, all of them as one input.
 *
 *      const { targets, result } = await everyTarget(carliniWagner, model, x, y, { objective: 'f3' });
 *
 *  x: [N, ...inputShape]; y: N classes. Leave out images that the model gets wrong: they stand in their
 *  class of error already. Throws UserError as the attack does. */
export async function everyTarget<Options extends AttackOptions | undefined>(
  attack: TargetedAttack<Options>,
  model: Classifier,
  x: Images,
  y: Labels,
  options: Omit<NonNullable<Options>, 'target'>,
): Promise<EveryTarget> {
  const labels = await readLabels(model, y, x.shape[0] as number);
  const classes = Array.from({ length: model.classes }, (_, k) => k);
  const targets = Array.from(labels, (label) => classes.filter((k) => k !== label));
  const places = targets.flatMap((row, i) => row.map(() => i));
  const own = places.map((i) => labels[i] as number);
  const rows = pickRows(x, places);
  try {
    const settings = { ...options, target: targets.flat() } as unknown as Options;
    return { targets, result: await attack(model, rows, own, settings) };
  } finally {
    rows.dispose();
  }
}

/** ‖δ‖ of image i towards its target k, [i][k]; null where the attack did not get there. Plain JSON. */
export type TargetDistances = readonly (readonly (number | null)[])[];

/** The distances of `everyTarget`, in the norm. */
export function targetDistances(
  { targets, result }: EveryTarget,
  norm: keyof Norms,
): TargetDistances {
  const reached = result.norms[norm].map((size, row) => (result.success[row] ? size : null));
  let row = 0;
  return targets.map((own) => own.map(() => reached[row++] as number | null));
}

/** How an attack did in one of the cases. */
export interface TargetCase {
  /** Share of the attempts that succeeded. */
  readonly success: number;
  /** Distances of those that did. */
  readonly distances: readonly number[];
}

/** Best: an image succeeds when one target was reached, at the smallest distance. Average: every target
 *  is an attempt. Worst: an image succeeds when all targets were reached, at the largest distance. */
export function targetCases(distances: TargetDistances): {
  readonly best: TargetCase;
  readonly average: TargetCase;
  readonly worst: TargetCase;
} {
  const reached = distances.map((row) => row.filter((size) => size !== null));
  const whole = reached.filter((row, i) => row.length === distances[i]?.length);
  return {
    best: caseOf(
      reached.filter((row) => row.length > 0).map((row) => Math.min(...row)),
      distances.length,
    ),
    average: caseOf(reached.flat(), distances.flat().length),
    worst: caseOf(
      whole.map((row) => Math.max(...row)),
      distances.length,
    ),
  };
}

function caseOf(distances: readonly number[], attempts: number): TargetCase {
  return { success: distances.length / attempts, distances };
}
