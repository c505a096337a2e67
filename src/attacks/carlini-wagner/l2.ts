/** The L2 attack, Carlini, Wagner 2017 (arXiv:1608.04644, sections 5 and 6.1).
 *
 *    minimise  ‖δ‖₂² + c · f(x + δ)   with x + δ in the box
 *
 *  by gradient descent, with a search for the smallest c whose solution is adversarial. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.js';
import { checkAlpha, checkSteps } from '../check-options.js';
import type { Classifier, Images, Labels } from '../classifier.js';
import { type ConstantSearch, checkSearch, narrowed, newSearch } from '../constant-search.js';
import type { Held } from '../held.js';
import { type AttackResult, retest } from '../result.js';
import { pick, pickRows, replaceEntries, replaceRows } from '../rows.js';
import {
  type Aim,
  type Attacked,
  type AttackOptions,
  type Batch,
  pickAim,
  runAttack,
} from '../run-attack.js';
import type { BoxConstraint } from './box-constraints.js';
import { type DescendOptions, descend, isReached, SQUARED_L2 } from './descend.js';
import type { Descent } from './descent.js';
import { leavingObjective, type Objective, objective } from './objectives.js';

export interface CarliniWagnerOptions extends AttackOptions {
  /** f; default `f6`, the only one without a target. */
  readonly objective?: Objective;
  /** How x + δ is kept in the box; default `change-of-variables`. */
  readonly constraint?: BoxConstraint;
  /** κ, by how much the target must lead in the logits; default 0. Above 0 with f6 only. */
  readonly kappa?: number;
  /** Default `adam`. */
  readonly optimizer?: Descent;
  /** Step size of the optimiser in the free variable; default 0.2. */
  readonly lr?: number;
  /** Default `cosine`: lr falls to 0 over the steps. */
  readonly decay?: 'cosine' | 'none';
  /** Steps for each c; default 300. */
  readonly steps?: number;
  /** Values of c to try for each image; default 3. */
  readonly searches?: number;
  /** First c: ten times larger until one succeeds, then bisection. Default 1. */
  readonly initialC?: number;
  /** Give up a descent whose objective has stopped falling; default false. */
  readonly abortEarly?: boolean;
  /** Return the images after each step of all searches; default false. */
  readonly record?: boolean;
}

/** The settings of the authors' code (carlini/nn_robust_attacks, l2_attack.py). */
export const carliniWagnerSchedule = {
  optimizer: 'adam',
  lr: 0.01,
  decay: 'none',
  steps: 10_000,
  searches: 9,
  initialC: 1e-3,
  abortEarly: true,
} as const;

/** The attack. x: [N, ...inputShape], float32 in the box; y: N classes. Of each image the adversarial
 *  point with the smallest ‖δ‖₂ is returned: the image itself where it is one already, and where none
 *  was found the point at which the last descent ended. `loss` is ‖δ‖₂² + c · f, one search after
 *  another. Throws UserError on wrong shapes, labels, ranges, options, probabilities, or a NaN
 *  gradient. */
export async function carliniWagner(
  model: Classifier,
  x: Images,
  y: Labels,
  options: CarliniWagnerOptions = {},
): Promise<AttackResult> {
  const { searches = 3, initialC = 1 } = options;
  checkSearch(searches, initialC);
  const settings = checked(options);
  return runAttack('carlini-wagner', model, x, y, options, (batch, held) =>
    searchConstants(model, batch, { searches, initialC }, settings, held),
  );
}

/** The options of a descent, with their defaults. */
function checked({
  objective: name = 'f6',
  constraint = 'change-of-variables',
  kappa = 0,
  optimizer = 'adam',
  lr = 0.2,
  decay = 'cosine',
  steps = 300,
  abortEarly = false,
  record = false,
  target,
}: CarliniWagnerOptions): DescendOptions {
  checkSteps(steps);
  checkAlpha(lr);
  if (!(kappa >= 0 && kappa < Number.POSITIVE_INFINITY) || (kappa > 0 && name !== 'f6')) {
    throw new UserError(`expected kappa from 0, and 0 with any objective but f6, got ${kappa}`, {
      hint: 'Leave objective out, or give kappa: 0.',
    });
  }
  if (target === undefined && name !== 'f6') {
    throw new UserError(`expected targets for ${name}, got none`, {
      hint: 'Give target, one class per image, or leave objective out.',
    });
  }
  const f = target === undefined ? leavingObjective(kappa) : objective(name, kappa);
  const descent = { constraint, optimizer, steps, lr, decay, abortEarly };
  return { f, kappa, ...descent, size: SQUARED_L2, withIterates: record };
}

/** The descents of one c after another, and the nearest point of all. */
async function searchConstants(
  model: Classifier,
  batch: Batch,
  { searches, initialC }: { readonly searches: number; readonly initialC: number },
  settings: DescendOptions,
  held: Held,
): Promise<Attacked> {
  const { x, goal } = batch;
  const all = <T>(value: T): T[] => Array.from(goal, () => value);
  const reached = await reachedAt(model, batch, settings.kappa);
  const open = [...goal.keys()].filter((i) => !reached[i]);
  const aim = pickAim(batch, open, held);
  const firstSuccess: number[] = reached.map((now) => (now ? 0 : -1));
  const distance = reached.map((now) => (now ? 0 : Number.POSITIVE_INFINITY));
  const [forward, backward] = [all(2), all(0)]; // 2: the tests before and after
  const loss: number[][] = [];
  const iterates: Images[] = [];
  let search: readonly ConstantSearch[] = open.map(() => newSearch(initialC));
  let xAdv = held.keep(tf.clone(x));
  for (let round = 0; round < searches && open.length > 0; round++) {
    const c = search.map((one) => one.c);
    const found = await descend(model, aim, { start: aim.x, c }, settings, held);
    const better = [...open.keys()].filter((place) => {
      const best = distance[open[place] as number] as number;
      return (found.distance[place] as number) < best || best === Number.POSITIVE_INFINITY;
    });
    const before = xAdv;
    xAdv = held.keep(replaceRows(before, pick(open, better), pickRows(found.xAdv, better)));
    held.free(before, found.xAdv);
    open.forEach((i, place) => {
      const first = found.firstSuccess[place] as number;
      if (first !== -1 && firstSuccess[i] === -1) firstSuccess[i] = loss.length + first;
      distance[i] = Math.min(distance[i] as number, found.distance[place] as number);
      forward[i] = (forward[i] as number) + (found.forward[place] as number);
      backward[i] = (backward[i] as number) + (found.backward[place] as number);
    });
    loss.push(...found.objective.map((values) => replaceEntries(all(0), open, values)));
    for (const images of found.iterates) {
      iterates.push(held.keep(replaceRows(x, open, images)));
      held.free(images);
    }
    search = search.map((one, place) => narrowed(one, found.firstSuccess[place] !== -1));
  }
  return {
    xAdv: held.give(xAdv),
    after: await retest(model, xAdv, goal),
    firstSuccess,
    forward,
    backward,
    loss: loss.length === 0 ? [all(0)] : loss,
    ...(settings.withIterates && { iterates: iterates.map(held.give) }),
  };
}

/** Whether each image is adversarial already, by κ. */
async function reachedAt(
  model: Classifier,
  { x, goal, targeted }: Aim,
  kappa: number,
): Promise<boolean[]> {
  const reached = tf.tidy(() =>
    isReached(model.logits(x), tf.tensor1d(goal, 'int32'), targeted, kappa),
  );
  const values = await reached.data();
  reached.dispose();
  return Array.from(values, Boolean);
}
