/** The L∞ attack, Carlini, Wagner 2017 (arXiv:1608.04644, section 6.3).
 *
 *    minimise  Σ_i (|δ_i| − τ)⁺ + c · f(x + δ)   with x + δ in the box
 *
 *  The largest |δ_i| alone would pull at one pixel and leave the others free to grow, so every pixel
 *  above τ is pulled back. At its first adversarial point within τ a descent ends, τ falls to 0.9 of
 *  that point's ‖δ‖∞, and the next descent starts there; where there is none c doubles. Of our own:
 *  until the first such point each descent starts where the last one ended, and when no c is enough for
 *  τ, it goes on half way to the nearest point found, until the two are within 2 %. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images, Labels } from '../classifier.js';
import { swap } from '../held.js';
import { flat } from '../norm.js';
import type { AttackResult } from '../result.js';
import { pick, pickRows, replaceEntries, replaceRows } from '../rows.js';
import { runAttack } from '../run-attack.js';
import { openBook } from './book.js';
import type { Size } from './descend.js';
import { checkConstants, type DescentOptions, descentOptions } from './options.js';

export interface CarliniWagnerLinfOptions extends DescentOptions {
  /** Default 0.02, in w 0.05. */
  readonly lr?: number;
  /** Most steps of one descent; default 50, in w 100. */
  readonly steps?: number;
  /** First c, doubled after each descent that finds nothing; default 0.5. */
  readonly initialC?: number;
  /** The attack on an image ends with the first c above this; default 20. */
  readonly largestC?: number;
}

/** What τ is multiplied by after a success, as in the authors' code, and where it ends: half a grey
 *  level. (The authors end at one.) */
const [SHRINK, SMALLEST] = [0.9, 1 / 512];

/** How near τ comes to the nearest point, as a share. */
const PRECISION = 0.02;

/** Defaults by the variable: in w a black pixel moves slowly at first. */
const IN_DELTA = { constraint: 'projected', lr: 0.02, steps: 50 } as const;
const IN_W = { constraint: 'change-of-variables', lr: 0.05, steps: 100 } as const;

/** Where the search for the τ of one image stands. */
interface TauSearch {
  readonly tau: number;
  readonly c: number;
  /** The c of the last success. More than twice as much is not tried for a smaller τ: it was never of
   *  use on networks for digits, and such descents are most of the cost. */
  readonly found: number;
  /** The largest τ for which no c was enough. */
  readonly low: number;
  /** The smallest ‖δ‖∞ of an adversarial point. */
  readonly best: number;
}

/** The attack. x: [N, ...inputShape], float32 in the box; y: N classes. Of each image the adversarial
 *  point with the smallest ‖δ‖∞ is returned: the image itself where it is one already, and where none
 *  was found the point at which its last descent ended. `loss` is the sum above, one descent after
 *  another. Throws UserError on wrong shapes, labels, ranges, options, probabilities, or a NaN
 *  gradient. */
export async function carliniWagnerLinf(
  model: Classifier,
  x: Images,
  y: Labels,
  options: CarliniWagnerLinfOptions = {},
): Promise<AttackResult> {
  const { initialC = 0.5, largestC = 20 } = options;
  checkConstants(initialC, largestC);
  return runAttack('carlini-wagner-linf', model, x, y, options, async (batch, held) => {
    let search: readonly TauSearch[] = Array.from(batch.goal, () => newTauSearch(initialC));
    let open: readonly number[] = [];
    const size: Size = {
      penalty: (delta, rows) => excess(delta, pick(pick(search, open), rows)),
      length: (delta) => tf.max(flat(tf.abs(delta)), 1),
      enough: (row) => longest((search[open[row] as number] as TauSearch).tau),
    };
    const settings = descentOptions(
      options,
      options.constraint === 'change-of-variables' ? IN_W : IN_DELTA,
      size,
    );
    const book = await openBook(model, batch, settings.kappa, held);
    open = book.open;
    let start = held.keep(tf.clone(batch.x));
    while (open.length > 0) {
      const c = pick(search, open).map((one) => one.c);
      const from = { start: held.keep(pickRows(start, open)), c };
      const found = await book.descend(open, from, settings);
      // Without an example so far there is no τ to be above, and the way goes on where it ended.
      const moved = [...open.keys()].filter((row) => {
        const { tau } = search[open[row] as number] as TauSearch;
        return tau === Number.POSITIVE_INFINITY || isWithin(found.distance[row] as number, tau);
      });
      start = swap(held, start, () =>
        replaceRows(start, pick(open, moved), pickRows(found.xAdv, moved)),
      );
      held.free(from.start, found.xAdv);
      const next = pick(search, open).map((one, row) =>
        nextTau(one, found.distance[row] as number, initialC, largestC),
      );
      search = replaceEntries(search, open, next);
      open = open.filter((i) => isUnsettled(search[i] as TauSearch, largestC));
    }
    return book.close();
  });
}

function newTauSearch(c: number): TauSearch {
  const [tau, best] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { tau, c, found: Number.POSITIVE_INFINITY, low: 0, best };
}

/** `length`: ‖δ‖∞ of the point that the last descent found, or infinite. */
function nextTau(
  { tau, c, found, low, best: before }: TauSearch,
  length: number,
  initialC: number,
  largestC: number,
): TauSearch {
  const best = Math.min(before, length);
  if (isWithin(length, tau)) {
    return { tau: low > 0 ? (low + best) / 2 : SHRINK * best, c, found: c, low, best };
  }
  const isLast = best < Number.POSITIVE_INFINITY && c > Math.min(found, largestC / 2);
  if (!isLast) return { tau, c: 2 * c, found, low, best };
  return { tau: (tau + best) / 2, c: initialC, found, low: tau, best };
}

/** Whether a point counts for τ. A descent may start from an adversarial point, so that to meet one is
 *  not enough. */
function isWithin(length: number, tau: number): boolean {
  return length < Number.POSITIVE_INFINITY && length <= longest(tau);
}

/** The largest ‖δ‖∞ that counts for τ. */
function longest(tau: number): number {
  return (1 + PRECISION / 4) * tau;
}

function isUnsettled({ tau, c, low, best }: TauSearch, largestC: number): boolean {
  return c <= largestC && tau >= SMALLEST && low < (1 - PRECISION) * best;
}

/** Σ (|δ_i| − τ)⁺ of each image, [n]; 0 while τ is infinite. */
function excess(delta: tf.Tensor, search: readonly TauSearch[]): tf.Tensor1D {
  const tau = tf.tensor1d(search.map((one) => one.tau));
  const above = tf.sub(flat(tf.abs(delta)), tf.expandDims(tau, 1));
  return tf.sum(tf.relu(above), 1);
}
