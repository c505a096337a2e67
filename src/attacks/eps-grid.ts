/** The ε among which an attack with a bound looks for the smallest that fools each image: so it becomes
 *  an attack that looks for the nearest point (Carlini, Wagner 2017, arXiv:1608.04644, section 8.1). */

import { UserError } from '../errors.js';
import { checkEps } from './check-options.js';
import { PIXELS } from './classifier.js';
import type { AttackOptions } from './run-attack.js';

export interface SmallestEpsOptions extends AttackOptions {
  /** The largest ε, in the max norm and the units of x; default the width of the box. */
  readonly eps?: number;
  /** How many ε there are: eps / levels, 2 · eps / levels, … eps. Default 256, a shade of grey each. */
  readonly levels?: number;
}

/** The ε to choose from: level, 2 · level, … levels · level. */
export interface EpsGrid {
  readonly level: number;
  readonly levels: number;
}

/** Throws UserError for options that name no ε. */
export function epsGrid({
  levels = 256,
  box = PIXELS,
  eps = box[1] - box[0],
}: SmallestEpsOptions): EpsGrid {
  checkEps(eps, 'linf', box);
  if (eps === 0) {
    throw new UserError('expected a largest eps above 0, got 0', {
      hint: 'Leave it out to take the width of the box.',
    });
  }
  if (!Number.isInteger(levels) || levels < 1) {
    throw new UserError(`expected a whole number of levels, from 1, got ${levels}`, {
      hint: 'Leave it out to take 256.',
    });
  }
  return { level: eps / levels, levels };
}
