/** The L0 attack, Carlini, Wagner 2017 (arXiv:1608.04644, section 6.2).
 *
 *  The number of changed features has no slope. So an L2 descent looks for an adversarial point that
 *  changes some features only; of these the ones with the least gain −g_i · δ_i, where g = ∇f(x + δ), are
 *  frozen at x_i, and the next descent starts from what is left of δ. Where a descent finds nothing c
 *  doubles. Of our own: several features are frozen at once, by the gain that they hold; when no c is
 *  enough half as many are, and when it is one feature the attack ends. (The paper freezes one, the
 *  authors' code several, and both end at the first failure.) */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images, Labels } from '../classifier.js';
import { swap } from '../held.js';
import { flat } from '../norm.js';
import type { AttackResult } from '../result.js';
import { pick, pickRows, replaceEntries, replaceRows } from '../rows.js';
import { runAttack } from '../run-attack.js';
import { openBook } from './book.js';
import { type Size, SQUARED_L2 } from './descend.js';
import { checkConstants, type DescentOptions, descentOptions } from './options.js';

/** How many features are frozen after an adversarial point:
 *  - `share`: as many as hold 20 % of the gain, the cheapest;
 *  - `root`: up to 0.3 · √(changed features), as in the authors' code: fewer in the end, at
 *    about twice the cost;
 *  - `one`: one, as in the paper. */
export type Freezing = 'share' | 'root' | 'one';

export interface CarliniWagnerL0Options extends DescentOptions {
  /** Default 0.1. */
  readonly lr?: number;
  /** Most steps of one descent, which ends at its first adversarial point; default 30. */
  readonly steps?: number;
  /** First c, doubled after each descent that finds nothing; default 10. */
  readonly initialC?: number;
  /** The largest c to try; default 100. */
  readonly largestC?: number;
  /** Default `share`. */
  readonly freezing?: Freezing;
  /** Whether a descent starts from what is left of the last adversarial point; else from the image.
   *  Default true. */
  readonly warmStart?: boolean;
}

/** The settings of the authors' code (carlini/nn_robust_attacks, l0_attack.py). */
export const carliniWagnerL0Schedule = {
  constraint: 'change-of-variables',
  optimizer: 'adam',
  lr: 0.01,
  decay: 'none',
  steps: 1000,
  initialC: 1e-3,
  largestC: 2e6,
  freezing: 'root',
} as const;

/** The number of changed features of each image. The descent lowers ‖δ‖₂². */
const CHANGED: Size = {
  ...SQUARED_L2,
  enough: () => Number.POSITIVE_INFINITY,
  length: (delta) => tf.sum(tf.cast(tf.notEqual(flat(delta), 0), 'float32'), 1),
};

/** The features of one image that may change. */
interface FreeSet {
  /** Of the last adversarial point, those of least gain first. */
  readonly features: readonly number[];
  /** How many of them, the first, are frozen in the next descent. */
  readonly frozen: number;
  /** At most so many are frozen next. */
  readonly limit: number;
  readonly c: number;
  readonly isFinal: boolean;
}

/** The attack. x: [N, ...inputShape], float32 in the box; y: N classes. Of each image the adversarial
 *  point with the fewest changed features is returned: the image itself where it is one already, and
 *  where none was found the point at which its last descent ended. `loss` is ‖δ‖₂² + c · f, one descent
 *  after another. Throws UserError on wrong shapes, labels, ranges, options, probabilities, or a NaN
 *  gradient. */
export async function carliniWagnerL0(
  model: Classifier,
  x: Images,
  y: Labels,
  options: CarliniWagnerL0Options = {},
): Promise<AttackResult> {
  const { initialC = 10, largestC = 100, freezing = 'share', warmStart = true } = options;
  checkConstants(initialC, largestC);
  const settings = descentOptions(
    options,
    { constraint: 'projected', lr: 0.1, steps: 30 },
    CHANGED,
  );
  return runAttack('carlini-wagner-l0', model, x, y, options, async (batch, held) => {
    const size = batch.x.size / batch.goal.length;
    let sets: readonly FreeSet[] = Array.from(batch.goal, () => wholeSet(size, initialC));
    const book = await openBook(model, batch, settings.kappa, held);
    let open = book.open;
    // The last adversarial point of each image; without one so far, where its last descent ended.
    let near = held.keep(tf.clone(batch.x));
    while (open.length > 0) {
      const tried = pick(sets, open);
      const free = held.keep(mask(tried, [open.length, ...model.inputShape]));
      const from = warmStart ? near : batch.x;
      const start = held.keep(
        tf.tidy(() => tf.where(free, pickRows(from, open), pickRows(batch.x, open))),
      );
      const c = tried.map((one) => one.c);
      const found = await book.descend(open, { start, c, free }, settings);
      const hits = [...open.keys()].filter((row) => found.firstSuccess[row] !== -1);
      const next = tried.map((one) => afterMiss(one, largestC));
      const moved = [...open.keys()].filter(
        (row) => found.firstSuccess[row] !== -1 || tried[row]?.frozen === 0, // 0 before the first
      );
      near = swap(held, near, () =>
        replaceRows(near, pick(open, moved), pickRows(found.xAdv, moved)),
      );
      if (hits.length > 0) {
        const places = pick(open, hits);
        const points = held.keep(pickRows(found.xAdv, hits));
        const g = held.keep(await book.slope(places, points));
        const clean = held.keep(pickRows(batch.x, places));
        const gains = await gainsOf(g, clean, points);
        gains.forEach((gain, k) => {
          const row = hits[k] as number;
          next[row] = afterHit(tried[row] as FreeSet, gain, FREEZE[freezing]);
        });
        held.free(points, g, clean);
      }
      held.free(free, start, found.xAdv);
      sets = replaceEntries(sets, open, next);
      open = open.filter((i) => !sets[i]?.isFinal);
    }
    return book.close();
  });
}

/** How many features to freeze, from the gains of those that may change, in rising order. */
type Rule = (gains: readonly number[]) => number;

const FREEZE: { readonly [name in Freezing]: Rule } = {
  share: (gains) => {
    const all = gains.reduce((sum, gain) => sum + Math.max(gain, 0), 0);
    let held = 0;
    const kept = gains.findIndex((gain) => {
      held += Math.max(gain, 0);
      return held > 0.2 * all;
    });
    return kept;
  },
  root: (gains) => {
    const large = gains.findIndex((gain) => gain > 0.01);
    return Math.min(
      large === -1 ? gains.length : large + 1,
      Math.ceil(0.3 * Math.sqrt(gains.length)),
    );
  },
  one: () => 1,
};

function wholeSet(size: number, c: number): FreeSet {
  return {
    features: Array.from({ length: size }, (_, i) => i),
    frozen: 0,
    limit: size,
    c,
    isFinal: false,
  };
}

/** `gain`: of every feature of the image. */
function afterHit(set: FreeSet, gain: readonly number[], rule: Rule): FreeSet {
  const of = (feature: number): number => gain[feature] as number;
  const features = set.features.slice(set.frozen).sort((a, b) => of(a) - of(b));
  const most = Math.min(set.limit, features.length - 1);
  const frozen = Math.max(1, Math.min(rule(features.map(of)), most));
  return { ...set, features, frozen, isFinal: most === 0 };
}

function afterMiss(set: FreeSet, largestC: number): FreeSet {
  if (2 * set.c <= largestC) return { ...set, c: 2 * set.c };
  const frozen = set.frozen >> 1;
  return { ...set, frozen, limit: frozen, isFinal: frozen === 0 };
}

/** Where the features are that may change, as booleans. */
function mask(sets: readonly FreeSet[], shape: readonly number[]): tf.Tensor {
  const size = shape.slice(1).reduce((product, side) => product * side, 1);
  const free = new Uint8Array(sets.length * size);
  sets.forEach(({ features, frozen }, row) => {
    for (const feature of features.slice(frozen)) free[row * size + feature] = 1;
  });
  return tf.tensor(free, [...shape], 'bool');
}

/** −g · δ of each feature, image by image. */
async function gainsOf(gradient: tf.Tensor, x: Images, xAdv: Images): Promise<number[][]> {
  const gains = tf.tidy(() => flat(tf.mul(gradient, tf.sub(x, xAdv))));
  try {
    return await gains.array();
  } finally {
    gains.dispose();
  }
}
