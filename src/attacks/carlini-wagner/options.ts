/** What may be set for all three attacks of Carlini and Wagner. */

import { UserError } from '../../errors.js';
import { checkAlpha, checkSteps } from '../check-options.js';
import type { AttackOptions } from '../run-attack.js';
import type { BoxConstraint } from './box-constraints.js';
import type { DescendOptions, Size } from './descend.js';
import type { Descent } from './descent.js';
import { leavingObjective, type Objective, objective } from './objectives.js';

export interface DescentOptions extends AttackOptions {
  /** f; default `f6`, the only one without a target. */
  readonly objective?: Objective;
  /** How x + δ is kept in the box; default `change-of-variables` for L2, `projected` for L0 and L∞. */
  readonly constraint?: BoxConstraint;
  /** κ, by how much the target must lead in the logits; default 0. Above 0 with f6 only. */
  readonly kappa?: number;
  /** Default `adam`. */
  readonly optimizer?: Descent;
  /** Step size of the optimiser in the free variable. */
  readonly lr?: number;
  /** Default `cosine`: lr falls to 0 over the steps of a descent. */
  readonly decay?: 'cosine' | 'none';
  /** Steps of one descent. */
  readonly steps?: number;
  /** Give up a descent whose objective has stopped falling; default false. */
  readonly abortEarly?: boolean;
  /** Return the images after each step of all descents; default false. */
  readonly record?: boolean;
}

/** In what the attacks differ. */
type DescentDefaults = Required<Pick<DescentOptions, 'constraint' | 'lr' | 'steps'>>;

/** The options of a descent with their defaults, checked. Throws UserError. */
export function descentOptions(
  {
    objective: name = 'f6',
    constraint,
    kappa = 0,
    optimizer = 'adam',
    lr,
    decay = 'cosine',
    steps,
    abortEarly = false,
    record = false,
    target,
  }: DescentOptions,
  defaults: DescentDefaults,
  size: Size,
  steersC = false,
): DescendOptions {
  const settings = {
    constraint: constraint ?? defaults.constraint,
    lr: lr ?? defaults.lr,
    steps: steps ?? defaults.steps,
  };
  checkSteps(settings.steps);
  checkAlpha(settings.lr);
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
  if (steersC && abortEarly) {
    throw new UserError('expected no abortEarly while c is steered, got it', {
      hint: "Give constant: 'searched': an objective falls with c, too.",
    });
  }
  const f = target === undefined ? leavingObjective(kappa) : objective(name, kappa);
  const descent = { optimizer, ...settings, decay, steersC, abortEarly };
  return { f, kappa, ...descent, size, withIterates: record };
}

/** Refuses a c that is doubled up to no end, or never tried. Throws UserError. */
export function checkConstants(initialC: number, largestC: number): void {
  if (initialC > 0 && initialC <= largestC && largestC < Number.POSITIVE_INFINITY) return;
  throw new UserError(
    `expected initialC above 0 and largestC from it on, got ${initialC} and ${largestC}`,
    { hint: 'Leave them out to take the defaults.' },
  );
}
