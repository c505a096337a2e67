/** The L-BFGS attack, Szegedy et al. 2014 (arXiv:1312.6199, section 4.1).
 *
 *    minimise  ‖r‖₂² + c · J(θ, x + r, t)   over r with x + r in the box
 *
 *  with box-constrained L-BFGS, and a search for the smallest c whose solution is adversarial. The
 *  paper puts the weight on the other term and does not square the norm; the squared norm has a
 *  gradient at r = 0. The paper has targets t alone. Without one, −log(1 − p_y) takes the place of J:
 *  −J(θ, x + r, y) has no lower bound, and with it the solution jumps away as c grows. */

import * as tf from '@tensorflow/tfjs-core';
import { minimiseInBox, type ValueAndGradient } from './box-lbfgs.js';
import { checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { type ConstantSearch, checkSearch, narrowed, newSearch } from './constant-search.js';
import { type Held, swap } from './held.js';
import { checkGradient, crossEntropy, lossGradient, otherEntropy } from './loss.js';
import { type AttackResult, perturbationNorms, retest } from './result.js';
import { pick, pickRows, replaceRows } from './rows.js';
import {
  type Attacked,
  type AttackOptions,
  type Batch,
  isReached,
  runAttack,
} from './run-attack.js';

export interface LbfgsAttackOptions extends AttackOptions {
  /** Values of c to try for each image; default 9. */
  readonly searches?: number;
  /** Most L-BFGS steps for each c; default 100. */
  readonly steps?: number;
  /** First c: ten times larger until one succeeds, then bisection. Default 0.01. */
  readonly initialC?: number;
}

/** L-BFGS. x: [N, ...inputShape], float32 in the box, which must have bounds; y: N classes. Of each
 *  image the adversarial point with the smallest ‖r‖₂ is kept; one without is returned as the last c
 *  left it. An image that is adversarial already is returned as it is.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function lbfgs(
  model: Classifier,
  x: Images,
  y: Labels,
  { searches = 9, steps = 100, initialC = 0.01, ...options }: LbfgsAttackOptions = {},
): Promise<AttackResult> {
  checkSteps(steps);
  checkSearch(searches, [initialC]);
  return runAttack('lbfgs', model, x, y, options, (batch, held) =>
    searchC(model, batch, { searches, steps, initialC }, held),
  );
}

/** The search for the c of one image, and ‖r‖₂ of its best adversarial point. */
interface Search extends ConstantSearch {
  readonly best: number;
}

async function searchC(
  model: Classifier,
  batch: Batch,
  {
    searches,
    steps,
    initialC,
  }: Required<Pick<LbfgsAttackOptions, 'searches' | 'steps' | 'initialC'>>,
  held: Held,
): Promise<Attacked> {
  const { x, goal, targeted, box } = batch;
  const isSuccess = (label: number, i: number): boolean =>
    isReached(label, goal[i] as number, targeted);
  const clean = await retest(model, x, goal);
  const firstSuccess: number[] = clean.predicted.map((label, i) => (isSuccess(label, i) ? 0 : -1));
  let state = firstSuccess.map(
    (first): Search => ({
      ...newSearch(initialC),
      best: first === 0 ? 0 : Number.POSITIVE_INFINITY,
    }),
  );
  const loss: (readonly number[])[] = [clean.loss];
  const gradients = firstSuccess.map(() => 0);
  let xAdv = held.keep(tf.clone(x));
  for (let round = 1; round <= searches; round++) {
    const f = distanceAndLoss(
      model,
      batch,
      state.map(({ c }) => c),
      (needed) => {
        for (const i of needed) gradients[i] = (gradients[i] as number) + 1;
      },
    );
    const rows = held.keep(tf.reshape(x, [goal.length, -1]) as tf.Tensor2D);
    const solution = await minimiseInBox(f, rows, { box, iterations: steps }, held);
    const found = held.keep(tf.reshape(solution, x.shape) as Images);
    const tested = await retest(model, found, goal);
    const { l2 } = await perturbationNorms(x, found);
    const reached = tested.predicted.map(isSuccess);
    const better = [...goal.keys()].filter((i) => {
      const { best } = state[i] as Search;
      return reached[i] ? (l2[i] as number) < best : best === Number.POSITIVE_INFINITY;
    });
    xAdv = swap(held, xAdv, () => replaceRows(xAdv, better, pickRows(found, better)));
    held.free(rows, solution, found);
    reached.forEach((now, i) => {
      if (now && firstSuccess[i] === -1) firstSuccess[i] = round;
    });
    state = state.map((one, i) => ({
      ...narrowed(one, reached[i] as boolean),
      best: reached[i] ? Math.min(one.best, l2[i] as number) : one.best,
    }));
    loss.push(tested.loss);
  }
  const after = await retest(model, xAdv, goal);
  return {
    xAdv: held.give(xAdv),
    after,
    firstSuccess,
    forward: gradients.map((passes) => passes + searches + 2),
    backward: gradients,
    loss,
  };
}

/** ‖r‖₂² + c · loss of each row, and its gradient. `onPass` hears of the images of each pass. */
function distanceAndLoss(
  model: Classifier,
  { x, goal, targeted }: Batch,
  c: readonly number[],
  onPass: (images: readonly number[]) => void,
): ValueAndGradient {
  const loss = targeted ? crossEntropy : otherEntropy;
  return async (points, rows) => {
    onPass(rows);
    const [value, gradient] = tf.tidy(() => {
      const weights = tf.tensor1d(pick(c, rows));
      const y = tf.tensor1d(pick(goal, rows), 'int32');
      const from = pickRows(x, rows);
      const parts = lossGradient(model, tf.reshape(points, from.shape), y, loss);
      const r = tf.sub(points, tf.reshape(from, points.shape));
      const slope = tf.reshape(parts.gradient, points.shape);
      const objective = [
        tf.add(tf.sum(tf.square(r), 1), tf.mul(weights, parts.J)),
        tf.add(tf.mul(r, 2), tf.mul(tf.expandDims(weights, 1), slope)),
      ];
      tf.dispose([parts.Z, parts.J]);
      return objective;
    }) as [tf.Tensor1D, tf.Tensor2D];
    try {
      await checkGradient(model, gradient);
    } catch (error) {
      tf.dispose([value, gradient]);
      throw error;
    }
    return { value, gradient };
  };
}
