/** What an attack is given, and the checks that it makes before the first gradient. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';

/** A batch of inputs, float32, shape [N, ...inputShape]. */
export type Images = tf.Tensor;

/** One class per image: whole numbers from 0 to classes − 1. */
export type Labels = tf.Tensor1D | ArrayLike<number>;

/** Smallest and largest value that a feature may take. */
export type Box = readonly [low: number, high: number];

/** Pixels, the default. */
export const PIXELS: Box = [0, 1];

/** For features without bounds, as in the linear examples on made-up data. */
export const UNBOUNDED: Box = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Anything with logits: all that an attack knows about a model. */
export interface Classifier {
  readonly name: string;
  /** Shape of one input, without the batch: [28, 28, 1]. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Z(x), before the softmax. x has shape [N, ...inputShape], the result [N, classes]. */
  logits(x: tf.Tensor): tf.Tensor2D;
}

/** Refuses images of a wrong shape or type, with NaN, or outside the box.
 *  Throws UserError; reads three numbers back from the engine. */
export async function checkImages(model: Classifier, x: Images, box: Box): Promise<void> {
  const wanted = `[N, ${model.inputShape.join(', ')}]`;
  if (x.rank !== model.inputShape.length + 1 || !sameShape(x.shape.slice(1), model.inputShape)) {
    throw new UserError(`expected images of shape ${wanted}, got [${x.shape.join(', ')}]`, {
      hint: `Reshape them to what ${model.name} takes.`,
    });
  }
  if (x.dtype !== 'float32') {
    throw new UserError(`expected float32 images, got ${x.dtype}`, {
      hint: 'Cast them to float32 and divide 8-bit pixels by 255.',
    });
  }
  if (x.shape[0] === 0) {
    throw new UserError('expected at least one image, got none', { hint: 'Pass a longer slice.' });
  }
  await checkRange(x, box);
}

async function checkRange(x: Images, [low, high]: Box): Promise<void> {
  const summary = tf.tidy(() =>
    tf.stack([
      tf.cast(tf.any(tf.logicalNot(tf.isFinite(x))), 'float32'),
      tf.min(x),
      tf.max(x),
    ] as tf.Tensor[]),
  );
  const [notFinite, least, most] = (await summary.data()) as unknown as [number, number, number];
  summary.dispose();
  if (notFinite !== 0) {
    throw new UserError('expected finite pixel values, got NaN or infinity', {
      hint: 'Look for a division by zero before the attack.',
    });
  }
  if (least < low || most > high) {
    throw new UserError(
      `expected values in [${low}, ${high}], got values from ${short(least)} to ${short(most)}`,
      { hint: 'Divide 8-bit pixels by 255, or pass { box } for other features.' },
    );
  }
}

/** Labels as plain whole numbers, one per image. Throws UserError on a wrong count or class. */
export async function readLabels(
  model: Classifier,
  labels: Labels,
  count: number,
): Promise<Int32Array> {
  const given = labels instanceof tf.Tensor ? await labels.data() : Array.from(labels);
  if (given.length !== count) {
    throw new UserError(`expected ${count} labels, one per image, got ${given.length}`, {
      hint: 'Pass class numbers, not one-hot rows, and slice images and labels alike.',
    });
  }
  const wrong = given.findIndex(
    (label: number) => !Number.isInteger(label) || label < 0 || label >= model.classes,
  );
  if (wrong >= 0) {
    throw new UserError(
      `expected labels from 0 to ${model.classes - 1}, got ${given[wrong]} for image ${wrong}`,
      { hint: `${model.name} has ${model.classes} classes; relabel the data to match.` },
    );
  }
  return Int32Array.from(given);
}

/** Refuses a model with fewer classes than a loss needs. Throws UserError. */
export function checkClasses(model: Classifier, least: number, what: string): void {
  if (model.classes < least) {
    throw new UserError(
      `expected at least ${least} classes for ${what}, got ${model.classes} from ${model.name}`,
      { hint: 'Take the cross-entropy: apgd with its default loss.' },
    );
  }
}

/** Refuses probabilities where logits are due: the softmax of a softmax hides the gradient. And NaN or
 *  infinity. `values` holds [N, classes] numbers, row by row. */
export function checkLogits(model: Classifier, values: ArrayLike<number>): void {
  checkFinite(model, values);
  const rows = values.length / model.classes;
  let probabilities = true;
  for (let row = 0; row < rows && probabilities; row++) {
    let sum = 0;
    for (let k = 0; k < model.classes; k++) {
      const z = values[row * model.classes + k] as number;
      if (z < 0 || z > 1) probabilities = false;
      sum += z;
    }
    if (Math.abs(sum - 1) > 1e-4) probabilities = false;
  }
  if (probabilities) {
    throw new UserError(
      `expected logits from ${model.name}, got probabilities (rows within [0, 1] that sum to 1)`,
      { hint: 'Return the values before the softmax.' },
    );
  }
}

/** Refuses NaN and infinity. `values` holds [N, classes] numbers, row by row. */
export function checkFinite(model: Classifier, values: ArrayLike<number>): void {
  for (let k = 0; k < values.length; k++) {
    if (Number.isFinite(values[k])) continue;
    throw new UserError(`expected finite logits from ${model.name}, got ${values[k]}`, {
      hint: 'Train the model again with a lower learning rate.',
    });
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
