/** The fast gradient sign method, Goodfellow, Shlens, Szegedy 2015 (arXiv:1412.6572, section 4).
 *
 *  x̃ = x + η,   η = ε · sign ∇ₓ J(θ, x, y)
 *
 *  The paper does not clip; with `clip` (the default) the images stay in the box. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import {
  type Box,
  type Classifier,
  checkBatchSize,
  checkImages,
  type Images,
  type Labels,
  PIXELS,
  readLabels,
} from './classifier.js';
import { checkGradient, lossGradient } from './loss.js';
import {
  type AttackResult,
  type Norms,
  perturbationNorms,
  readTested,
  retest,
  type Tested,
} from './result.js';

export interface FgsmOptions {
  /** ε, the largest change of one feature, in the units of x: 0.25 for a quarter of the grey
   *  scale. */
  readonly eps: number;
  /** Keep the images in the box; default true. The paper's formula is `clip: false`. */
  readonly clip?: boolean;
  /** Classes to reach, one per image; absent: leave the class y. */
  readonly target?: Labels;
  /** Range of the features, default [0, 1]; `UNBOUNDED` for made-up data. */
  readonly box?: Box;
  /** Images per pass, default 1,000. */
  readonly batchSize?: number;
}

/** FGSM. x: [N, ...inputShape], float32 in the box; y: N classes. Every entry of x moves by eps in
 *  the direction that raises J(x, y) (with a target: that lowers J(x, target)), and stays where the
 *  gradient is exactly zero. x and y are neither changed nor disposed.
 *  Throws UserError on wrong shapes, labels, ranges, probabilities, or a NaN gradient. */
export async function fgsm(
  model: Classifier,
  x: Images,
  y: Labels,
  { eps, clip = true, target, box = PIXELS, batchSize = 1000 }: FgsmOptions,
): Promise<AttackResult> {
  checkEps(eps, box);
  checkBatchSize(batchSize);
  await checkImages(model, x, box);
  const count = x.shape[0] as number;
  const labels = await readLabels(model, y, count);
  const goal = target === undefined ? labels : await readLabels(model, target, count);
  const plan: Step = { eps: target === undefined ? eps : -eps, bounds: clip ? box : null };
  const batches: BatchResult[] = [];
  try {
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const part = tf.slice(x, start, size);
      try {
        batches.push(await attackBatch(model, part, goal.slice(start, start + size), plan));
      } finally {
        part.dispose();
      }
      await tf.nextFrame(); // a long attack must not stop the event loop
    }
    return collect(batches, goal, target !== undefined);
  } finally {
    tf.dispose(batches.map((batch) => batch.xAdv));
  }
}

interface Step {
  /** Signed: positive raises the loss, negative lowers it. */
  readonly eps: number;
  readonly bounds: Box | null;
}

interface BatchResult {
  readonly xAdv: Images;
  readonly clean: Tested;
  readonly after: Tested;
  readonly norms: Norms;
}

async function attackBatch(
  model: Classifier,
  x: Images,
  goal: Int32Array,
  step: Step,
): Promise<BatchResult> {
  const owned: tf.Tensor[] = [];
  try {
    const y = tf.tensor1d(goal, 'int32');
    owned.push(y);
    const { Z, J, gradient } = lossGradient(model, x, y);
    owned.push(Z, J, gradient);
    const clean = await readTested(model, Z, J);
    await checkGradient(model, gradient);
    return { clean, ...(await stepAndRetest(model, x, goal, gradient, step)) };
  } finally {
    tf.dispose(owned);
  }
}

async function stepAndRetest(
  model: Classifier,
  x: Images,
  goal: Int32Array,
  gradient: tf.Tensor,
  { eps, bounds }: Step,
): Promise<Omit<BatchResult, 'clean'>> {
  const xAdv = tf.tidy(() => {
    const moved = tf.add(x, tf.mul(tf.sign(gradient), eps));
    return bounds === null ? moved : tf.clipByValue(moved, ...bounds);
  });
  try {
    const after = await retest(model, xAdv, goal);
    return { xAdv, after, norms: await perturbationNorms(x, xAdv) };
  } catch (error) {
    xAdv.dispose();
    throw error;
  }
}

function collect(
  batches: readonly BatchResult[],
  goal: Int32Array,
  targeted: boolean,
): AttackResult {
  const reached = (predicted: readonly number[]): boolean[] =>
    predicted.map((label, i) => (label === goal[i]) === targeted);
  const before = reached(batches.flatMap((batch) => batch.clean.predicted));
  const predicted = batches.flatMap((batch) => batch.after.predicted);
  const success = reached(predicted);
  const norm = (name: keyof Norms): number[] => batches.flatMap((batch) => [...batch.norms[name]]);
  return {
    attack: 'fgsm',
    xAdv: tf.tidy(() => tf.concat(batches.map((batch) => batch.xAdv))),
    predicted,
    success,
    norms: { l0: norm('l0'), l1: norm('l1'), l2: norm('l2'), linf: norm('linf') },
    forward: predicted.map(() => 2), // the gradient's, and the re-test
    backward: predicted.map(() => 1),
    firstSuccess: success.map((now, i) => (before[i] ? 0 : now ? 1 : -1)),
    loss: [
      batches.flatMap((batch) => [...batch.clean.loss]),
      batches.flatMap((batch) => [...batch.after.loss]),
    ],
  };
}

function checkEps(eps: number, [low, high]: Box): void {
  if (!(eps >= 0) || eps > high - low || eps === Number.POSITIVE_INFINITY) {
    throw new UserError(`expected eps from 0 to ${high - low}, got ${eps}`, {
      hint: 'Give eps in the units of the features: 8 grey levels of 255 are 8 / 255.',
    });
  }
}
