/** The least likely class, Kurakin, Goodfellow, Bengio 2017 (arXiv:1611.01236, section 2).
 *
 *    y_LL = argmin_k p(y = k | x)
 *
 *  As `target` it turns FGSM into their one-step target class method, and I-FGSM into "iter. l.l.".
 *  It asks for no label, so a model that trains on the images cannot read the true class off them. */

import * as tf from '@tensorflow/tfjs-core';
import { checkBatchSize } from './check-options.js';
import { type Classifier, checkImages, checkLogits, type Images, PIXELS } from './classifier.js';
import { argMaxRows } from './result.js';
import type { AttackOptions } from './run-attack.js';

/** The class with the smallest logit, one per image; the first of equal ones. x: [N, ...inputShape],
 *  float32 in the box. Throws UserError on wrong shapes, ranges or probabilities. */
export async function leastLikely(
  model: Classifier,
  x: Images,
  { box = PIXELS, batchSize = 1000 }: Omit<AttackOptions, 'target'> = {},
): Promise<number[]> {
  checkBatchSize(batchSize);
  await checkImages(model, x, box);
  const classes: number[] = [];
  for (let start = 0; start < (x.shape[0] as number); start += batchSize) {
    const count = Math.min(batchSize, (x.shape[0] as number) - start);
    const Z = tf.tidy(() => model.logits(tf.slice(x, start, count)));
    const values = await Z.data();
    Z.dispose();
    checkLogits(model, values);
    const unlikeliness = values.map((z) => -z);
    classes.push(...argMaxRows(unlikeliness, model.classes));
  }
  return classes;
}
