/** Defensive distillation: Papernot, McDaniel, Wu, Jha, Swami 2016 (arXiv:1511.04508, section 4), as
 *  Carlini and Wagner 2017 describe it (arXiv:1608.04644, section 8).
 *
 *    F(x, T)_i = exp(Z(x)_i / T) / Σ_j exp(Z(x)_j / T)
 *
 *  1. A teacher learns the classes with F at T.  2. Its F at T on the training images are soft labels.
 *  3. A student, from the same start weights, learns them with F at T.  4. It is used at T = 1, where
 *  its logits are about T times larger than those of a net that was trained there. */

import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../attacks/index.js';
import { UserError } from '../errors.js';
import type { Dataset } from './dataset.js';
import type { Architecture, Weights } from './models.js';
import type { Objective } from './objective.js';
import { type Given, type TrainedModel, trained } from './train.js';
import type { TrainOptions } from './training/plan.js';

export interface Distilled<W extends Weights = Weights> {
  readonly teacher: TrainedModel<W>;
  readonly student: TrainedModel<W>;
}

/** F at the temperature, [N, classes]. Z: [N, classes]. */
export function softmaxAt(Z: tf.Tensor2D, temperature: number): tf.Tensor2D {
  return tf.softmax(tf.div(Z, temperature));
}

/** Trains teacher and student with the same options, and so from the same start weights. Both are
 *  remembered as by `trained`. Gradients are about T times smaller than at T = 1, which Adam does not
 *  notice; the learning rate of SGD needs a larger value.
 *  Throws UserError as `trained`, and for a temperature that is not above 0. */
export async function distilled<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  options: Omit<TrainOptions<Given<W>>, 'objective'>,
  temperature: number,
): Promise<Distilled<W>> {
  const learning = (objective: Objective): Promise<TrainedModel<W>> =>
    trained(architecture, data, { ...options, objective } as TrainOptions<Given<W>>);
  const teacher = await learning(classesAt(temperature));
  return { teacher, student: await learning(softLabels(teacher, temperature)) };
}

/** Cross-entropy of F at the temperature. */
export function classesAt(temperature: number): Objective {
  checkTemperature(temperature);
  return {
    name: `cross-entropy at temperature ${temperature}`,
    loss: (model, x, y) => tf.mean(crossEntropy(tf.div(model.logits(x), temperature), y)),
  };
}

/** Cross-entropy of F with the F of a teacher as labels, both at the temperature. The teacher answers
 *  without dropout; the classes of the examples take no part. */
export function softLabels(
  teacher: Pick<TrainedModel, 'name' | 'key' | 'logits'>,
  temperature: number,
): Objective {
  checkTemperature(temperature);
  const exactly = `${teacher.name} ${teacher.key.slice(0, 16)}`;
  return {
    name: `cross-entropy with the labels of ${exactly}, at temperature ${temperature}`,
    prepare: (_, x) => softmaxAt(teacher.logits(x), temperature),
    loss: (model, x, _, labels) => {
      const logF = tf.logSoftmax(tf.div(model.logits(x), temperature) as tf.Tensor2D);
      return tf.neg(tf.mean(tf.sum(tf.mul(labels, logF), 1)));
    },
  };
}

function checkTemperature(temperature: number): void {
  if (temperature > 0 && temperature < Number.POSITIVE_INFINITY) return;
  throw new UserError(`expected a temperature above 0, got ${temperature}`, {
    hint: 'The papers take temperatures from 1 to 100.',
  });
}
