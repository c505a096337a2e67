/** Several models that answer as one. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../attacks/index.js';
import { UserError } from '../errors.js';

/** What is averaged: the probabilities, as the papers do, or the logits. */
export type Combination = 'mean-probability' | 'mean-logits';

/** One classifier of several. Its logits are log of the mean probability, or the mean logits: the
 *  softmax of the first is the mean probability itself.
 *  Throws UserError without members, or with members of different shapes. */
export function ensemble(
  members: readonly Classifier[],
  combination: Combination = 'mean-probability',
): Classifier {
  const [first, ...others] = members;
  if (first === undefined) {
    throw new UserError('expected models for an ensemble, got none', { hint: 'Give two or more.' });
  }
  const { inputShape, classes } = first;
  const shapeOf = (model: Classifier): string =>
    `[${model.inputShape}] in ${model.classes} classes`;
  const odd = others.find((model) => shapeOf(model) !== shapeOf(first));
  if (odd !== undefined) {
    throw new UserError(`expected members for ${shapeOf(first)}, got ${shapeOf(odd)}`, {
      hint: `${odd.name} does not fit to ${first.name}.`,
    });
  }
  const names = [...new Set(members.map(({ name }) => name))].join(', ');
  const name = `${combination} of ${members.length} ${names}`;
  const combine = combination === 'mean-logits' ? meanLogits : logMeanProbability;
  const logits = (x: tf.Tensor): tf.Tensor2D =>
    tf.tidy(() => combine(members.map((model) => model.logits(x))));
  return { name, inputShape, classes, logits };
}

function meanLogits(all: readonly tf.Tensor2D[]): tf.Tensor2D {
  return tf.mean(tf.stack([...all]), 0);
}

/** log (1/n) Σ softmax(Z), from logarithms: small probabilities do not vanish. */
function logMeanProbability(all: readonly tf.Tensor2D[]): tf.Tensor2D {
  const logs = tf.stack(all.map((Z) => tf.logSoftmax(Z)));
  return tf.sub(tf.logSumExp(logs, 0), Math.log(all.length));
}
