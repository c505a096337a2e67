/** The L2 attack, Carlini, Wagner 2017 (arXiv:1608.04644, sections 5 and 6.1).
 *
 *    minimise  ‖δ‖₂² + c · f(x + δ)   with x + δ in the box
 *
 *  by gradient descent, with a search for the smallest c whose solution is adversarial. */

import type { Classifier, Images, Labels } from '../classifier.js';
import { type ConstantSearch, checkSearch, narrowed, newSearch } from '../constant-search.js';
import type { AttackResult } from '../result.js';
import { pickRows } from '../rows.js';
import { runAttack } from '../run-attack.js';
import { openBook } from './book.js';
import { SQUARED_L2 } from './descend.js';
import { type DescentOptions, descentOptions } from './options.js';

export interface CarliniWagnerOptions extends DescentOptions {
  /** Default 0.2. */
  readonly lr?: number;
  /** Default 300. */
  readonly steps?: number;
  /** Values of c to try for each image, a descent each; default 3. */
  readonly searches?: number;
  /** First c: ten times larger until one succeeds, then bisection. Default 1. */
  readonly initialC?: number;
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
 *  was found the point at which its last descent ended. `loss` is ‖δ‖₂² + c · f, 0 at the start, one
 *  descent after another.
 *  Throws UserError on wrong shapes, labels, ranges, options, probabilities, or a NaN gradient. */
export async function carliniWagner(
  model: Classifier,
  x: Images,
  y: Labels,
  options: CarliniWagnerOptions = {},
): Promise<AttackResult> {
  const { searches = 3, initialC = 1 } = options;
  checkSearch(searches, initialC);
  const settings = descentOptions(
    options,
    { constraint: 'change-of-variables', lr: 0.2, steps: 300 },
    SQUARED_L2,
  );
  return runAttack('carlini-wagner', model, x, y, options, async (batch, held) => {
    const book = await openBook(model, batch, settings.kappa, held);
    const { open } = book;
    const start = held.keep(pickRows(batch.x, open));
    let search: readonly ConstantSearch[] = open.map(() => newSearch(initialC));
    for (let round = 0; round < searches && open.length > 0; round++) {
      const c = search.map((one) => one.c);
      const found = await book.descend(open, { start, c }, settings);
      held.free(found.xAdv);
      search = search.map((one, row) => narrowed(one, found.firstSuccess[row] !== -1));
    }
    return book.close();
  });
}
