/** What every attack gives back, measured on the very images it returns. */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, checkFinite, checkLogits, type Images } from './classifier.js';
import type { Held } from './held.js';
import { checkGradient, crossEntropy, type Loss, lossGradient } from './loss.js';
import { flat } from './norm.js';

/** Size of each perturbation xAdv − x, one number per image. */
export interface Norms {
  /** Number of changed features. */
  readonly l0: readonly number[];
  readonly l1: readonly number[];
  readonly l2: readonly number[];
  readonly linf: readonly number[];
}

export interface AttackResult {
  /** Name of the attack: `fgsm`. */
  readonly attack: string;
  /** Adversarial images, the shape of x. The caller owns them. */
  readonly xAdv: Images;
  /** Class of each adversarial image. */
  readonly predicted: readonly number[];
  /** Re-tested on xAdv: the image is not classified as y; with a target: it is classified as the
   *  target. With a lead κ that the attack asks for, it must have that too. */
  readonly success: readonly boolean[];
  readonly norms: Norms;
  /** Forward passes spent on each image, the re-test included. */
  readonly forward: readonly number[];
  /** Backward passes spent on each image. */
  readonly backward: readonly number[];
  /** First step after which the attack had succeeded: 0 when its start was adversarial already, also
   *  where xAdv is a later point, −1 when it never had. Of several restarts it is a step of the one that
   *  xAdv comes from. */
  readonly firstSuccess: readonly number[];
  /** loss[t][i]: loss of image i after t steps, in nats where the attack does not say another loss;
   *  t = 0 is where the attack starts. With a target it is the loss towards the target. An image that
   *  is finished keeps its last loss. Of several restarts it is the one that xAdv comes from; an attack
   *  that sees decisions alone has no loss: []. */
  readonly loss: readonly (readonly number[])[];
  /** iterates[t]: the images after t steps, when `record` is set. The caller owns them. An image
   *  that is finished stays where it was. */
  readonly iterates?: readonly Images[];
  /** The single restarts, when `record` asks for them. */
  readonly restarts?: Restarts;
}

/** What each restart of each image did, when it is asked for. */
export interface Restarts {
  /** loss[i][r][t]: loss of image i in restart r after t steps. */
  readonly loss: readonly (readonly (readonly number[])[])[];
  /** success[i][r]: restart r met an adversarial point of image i after a step. */
  readonly success: readonly (readonly boolean[])[];
  /** ends[i]: where the restarts of image i ended, [restarts, ...inputShape]. The caller owns them. */
  readonly ends?: readonly Images[];
}

/** The share of images for which the attack succeeded. */
export function successRate(result: AttackResult): number {
  return result.success.filter(Boolean).length / result.success.length;
}

/** Class and loss of each image of one batch. */
export interface Tested {
  readonly predicted: readonly number[];
  readonly loss: readonly number[];
}

/** One forward pass over a batch: class and loss towards `labels` of each image. */
export async function retest(
  model: Classifier,
  x: Images,
  labels: Int32Array,
  loss: Loss = crossEntropy,
): Promise<Tested> {
  const [Z, J] = tf.tidy(() => {
    const logits = model.logits(x);
    return [logits, loss(logits, tf.tensor1d(labels, 'int32'))];
  });
  try {
    return await readTested(model, Z as tf.Tensor2D, J as tf.Tensor1D);
  } finally {
    tf.dispose([Z, J]);
  }
}

/** The same with ∇ₓ of the loss, the shape of x, which is kept. Throws UserError when it is not finite. */
export async function testWithGradient(
  model: Classifier,
  x: Images,
  labels: Int32Array,
  held: Held,
  loss: Loss = crossEntropy,
): Promise<{ readonly tested: Tested; readonly gradient: Images }> {
  const y = held.keep(tf.tensor1d(labels, 'int32'));
  const { Z, J, gradient } = lossGradient(model, x, y, loss);
  for (const tensor of [Z, J, gradient]) held.keep(tensor);
  const tested = await readTested(model, Z, J);
  await checkGradient(model, gradient);
  held.free(y, Z, J);
  return { tested, gradient };
}

/** Reads classes and losses back from the engine, and refuses probabilities. */
export async function readTested(
  model: Classifier,
  Z: tf.Tensor2D,
  J: tf.Tensor1D,
): Promise<Tested> {
  const [values, loss] = await Promise.all([Z.data(), J.data()]);
  checkLogits(model, values);
  return { predicted: argMaxRows(values, model.classes), loss: Array.from(loss) };
}

/** One forward pass over a batch: the class of each image, and nothing else. For that, probabilities
 *  will do. */
export async function classesOf(model: Classifier, x: Images): Promise<number[]> {
  const Z = tf.tidy(() => model.logits(x));
  try {
    const values = await Z.data();
    checkFinite(model, values);
    return argMaxRows(values, model.classes);
  } finally {
    Z.dispose();
  }
}

/** The first largest entry of each row of [N, classes] numbers. */
export function argMaxRows(values: ArrayLike<number>, classes: number): number[] {
  const best: number[] = [];
  for (let start = 0; start < values.length; start += classes) {
    let top = 0;
    for (let k = 1; k < classes; k++) {
      if ((values[start + k] as number) > (values[start + top] as number)) top = k;
    }
    best.push(top);
  }
  return best;
}

/** The four norms of xAdv − x, image by image. */
export async function perturbationNorms(x: Images, xAdv: Images): Promise<Norms> {
  const columns = tf.tidy(() => {
    const delta = flat(tf.sub(xAdv, x));
    const size = tf.abs(delta);
    return [
      tf.sum(tf.cast(tf.notEqual(delta, 0), 'float32'), 1),
      tf.sum(size, 1),
      tf.sqrt(tf.sum(tf.square(delta), 1)),
      tf.max(size, 1),
    ];
  });
  const [l0, l1, l2, linf] = (await Promise.all(
    columns.map(async (column) => Array.from(await column.data())),
  )) as [number[], number[], number[], number[]];
  tf.dispose(columns);
  return { l0, l1, l2, linf };
}
