/** The L2 attack, Carlini, Wagner 2017 (arXiv:1608.04644, sections 5 and 6.1).
 *
 *    minimise  ‖δ‖₂² + c · f(x + δ)   with x + δ in the box
 *
 *  by gradient descent. The paper searches for the smallest c whose solution is adversarial. Of our own,
 *  and the default: c is steered during the descent, so that the point moves along the border, and each
 *  further descent goes on from the nearest point of the last one, with a step size that is large again. */

import * as tf from '@tensorflow/tfjs-core';
import { checkRestarts, checkSeed, perImage } from '../check-options.js';
import { type Box, type Classifier, type Images, type Labels, UNBOUNDED } from '../classifier.js';
import type { Climb } from '../climbs.js';
import { type ConstantSearch, checkSearch, narrowed, newSearch } from '../constant-search.js';
import { randomStart } from '../random-start.js';
import type { AttackResult } from '../result.js';
import { pickRows, spread } from '../rows.js';
import { runAttack } from '../run-attack.js';
import { openBook } from './book.js';
import { SQUARED_L2 } from './descend.js';
import { type DescentOptions, descentOptions } from './options.js';

export interface CarliniWagnerOptions extends DescentOptions {
  /** Default 0.2. */
  readonly lr?: number;
  /** Default 150. */
  readonly steps?: number;
  /** Descents for each image; default 3. */
  readonly searches?: number;
  /** First c, for all images or one for each; default 0.1. Of the size of ‖δ‖₂² over the logits,
   *  roughly. */
  readonly initialC?: number | readonly number[];
  /** How c is found:
   *  - `steered`: it rises by 2 % after a step to a point that is not adversarial, and falls as much after
   *    others; a descent goes on where the last one was nearest, with its c. The default;
   *  - `searched`: it is fixed in a descent, which begins at the start. Ten times larger until one
   *    succeeds, then bisection, as in the paper. With `searches: 1` it is `initialC` alone. */
  readonly constant?: 'steered' | 'searched';
  /** Does all that from so many starts: the image first, then random points around it, as far as the
   *  nearest adversarial point so far (1 where there is none). Default 1. */
  readonly starts?: number;
  /** Of the random points; default 1. */
  readonly seed?: number;
}

/** The settings of the authors' code (carlini/nn_robust_attacks, l2_attack.py). */
export const carliniWagnerSchedule = {
  constant: 'searched',
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
  const { searches = 3, initialC = 0.1, constant = 'steered', starts = 1, seed = 1 } = options;
  const steersC = constant === 'steered';
  const firstC = perImage('initialC', initialC, x.shape[0] as number);
  checkSearch(searches, firstC);
  checkRestarts(starts);
  checkSeed(seed);
  const defaults = { constraint: 'change-of-variables', lr: 0.2, steps: 150 } as const;
  const settings = descentOptions(options, defaults, SQUARED_L2, steersC);
  return runAttack('carlini-wagner', model, x, y, options, async (batch, held) => {
    const book = await openBook(model, batch, settings.kappa, held);
    const { open } = book;
    const clean = held.keep(pickRows(batch.x, open));
    let nearest = open.map(() => Number.POSITIVE_INFINITY);
    for (let restart = 0; restart < starts && open.length > 0; restart++) {
      const climbs = open.map((place) => ({ image: batch.start + place, restart }));
      let start = held.keep(
        restart === 0 ? tf.clone(clean) : around(clean, nearest, climbs, seed, batch.box),
      );
      let c: readonly number[] = open.map((place) => firstC[batch.start + place] as number);
      let search: readonly ConstantSearch[] = c.map(newSearch);
      for (let round = 0; round < searches; round++) {
        const found = await book.descend(open, { start, c }, settings);
        nearest = nearest.map((size, row) => Math.min(size, found.distance[row] as number));
        search = search.map((one, row) => narrowed(one, found.firstSuccess[row] !== -1));
        c = steersC ? found.c : search.map((one) => one.c);
        held.free(steersC ? start : found.xAdv);
        if (steersC) start = found.xAdv;
      }
      held.free(start);
    }
    return book.close();
  });
}

/** A random point of the L2 ball around each image, cut to the box. */
function around(
  x: Images,
  radii: readonly number[],
  climbs: readonly Climb[],
  seed: number,
  box: Box,
): Images {
  return tf.tidy(() => {
    const ball = { norm: 'l2', radius: 1, seed } as const;
    const delta = randomStart(tf.zerosLike(x), climbs, ball, UNBOUNDED);
    const sizes = radii.map((size) => (Number.isFinite(size) ? size : 1));
    return tf.clipByValue(tf.add(x, tf.mul(delta, spread(sizes, x))), ...box);
  });
}
