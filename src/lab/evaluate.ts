/** How a model does on labelled images. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { checkBatchSize } from '../attacks/check-options.js';
import { checkImages, checkLogits, readLabels, UNBOUNDED } from '../attacks/classifier.js';
import { type Classifier, crossEntropy, type Images, type Labels } from '../attacks/index.js';
import { mean, wilsonInterval } from './statistics.js';

export interface Evaluation {
  readonly n: number;
  /** Share of images with another class than their label. */
  readonly error: number;
  /** Wilson interval of the error, 95 %. */
  readonly errorInterval: readonly [low: number, high: number];
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  /** Mean probability of the chosen class. */
  readonly confidence: number;
  /** The same over the wrong images alone; NaN when there is none. */
  readonly confidenceOnErrors: number;
  /** Class of each image. */
  readonly predictions: Int32Array;
  /** Probability of the chosen class, image by image. */
  readonly confidences: Float32Array;
  /** Cross-entropy, image by image. */
  readonly losses: Float32Array;
}

export interface EvaluateOptions {
  /** Images per pass, default 5,000. */
  readonly batchSize?: number;
  /** How logits become probabilities, both [N, classes]; default `tf.softmax`. Models of independent
   *  units have `tf.sigmoid`, or `tf.exp` where the logits are log p. */
  readonly probabilities?: (Z: tf.Tensor2D) => tf.Tensor2D;
}

/** Classifies x and compares with y. x: [N, ...inputShape]; y: N classes.
 *  Throws UserError on wrong shapes or labels. */
export async function evaluate(
  model: Classifier,
  x: Images,
  y: Labels,
  { batchSize = 5000, probabilities = tf.softmax }: EvaluateOptions = {},
): Promise<Evaluation> {
  checkBatchSize(batchSize);
  await checkImages(model, x, UNBOUNDED);
  const n = x.shape[0] as number;
  const labels = await readLabels(model, y, n);
  const predictions = new Int32Array(n);
  const confidences = new Float32Array(n);
  const losses = new Float32Array(n);
  for (let start = 0; start < n; start += batchSize) {
    const part = await readBatch(
      model,
      x,
      labels.subarray(start, start + batchSize),
      start,
      probabilities,
    );
    predictions.set(part.predictions, start);
    confidences.set(part.confidences, start);
    losses.set(part.losses, start);
    await setImmediate();
  }
  return summarise(labels, predictions, confidences, losses);
}

async function readBatch(
  model: Classifier,
  x: Images,
  labels: Int32Array,
  start: number,
  probabilities: (Z: tf.Tensor2D) => tf.Tensor2D,
): Promise<Pick<Evaluation, 'predictions' | 'confidences' | 'losses'>> {
  const parts = tf.tidy(() => {
    const logits = model.logits(tf.slice(x, start, labels.length));
    const p = tf.max(probabilities(logits), 1);
    return [logits, tf.argMax(logits, 1), p, crossEntropy(logits, tf.tensor1d(labels, 'int32'))];
  }) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [Z, predicted, confidence, loss] = parts;
  try {
    checkLogits(model, await Z.data());
    return {
      predictions: Int32Array.from(await predicted.data()),
      confidences: Float32Array.from(await confidence.data()),
      losses: Float32Array.from(await loss.data()),
    };
  } finally {
    tf.dispose(parts);
  }
}

function summarise(
  labels: Int32Array,
  predictions: Int32Array,
  confidences: Float32Array,
  losses: Float32Array,
): Evaluation {
  const n = labels.length;
  const wrong = [...labels.keys()].filter((i) => predictions[i] !== labels[i]);
  return {
    n,
    error: wrong.length / n,
    errorInterval: wilsonInterval(wrong.length, n),
    loss: mean(losses),
    confidence: mean(confidences),
    confidenceOnErrors: mean(wrong.map((i) => confidences[i] as number)),
    predictions,
    confidences,
    losses,
  };
}
