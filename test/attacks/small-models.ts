/** Models and images that several tests of attacks share. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../../src/attacks/index.js';
import { mlp240, modelOf, random, uniformTensor } from '../../src/lab/index.js';
import { startWeights } from '../../src/lab/models.js';

/** A network as it starts, images of noise, and the classes that it gives them. */
export function untrained(count = 16) {
  const model = modelOf(mlp240(), startWeights(mlp240(), random(3)));
  const x = uniformTensor([count, 28, 28, 1], 5);
  const y = Int32Array.from(tf.argMax(model.logits(x), 1).dataSync());
  return { model, x, y };
}

/** Two features, two classes, and a gradient of exactly 0. */
export const FLAT: Classifier = {
  name: 'flat',
  inputShape: [2],
  classes: 2,
  logits: (x) => tf.tidy(() => tf.mul(x, 0) as tf.Tensor2D),
};

/** z = top − 40 (x − 0.5)²: where x is near 0.5 and top above 0, class 1. */
export function hill(top: number): Classifier {
  return scoreModel('hill', (x) => tf.sub(top, tf.mul(40, tf.square(tf.sub(x, 0.5)))));
}

/** One feature, and class 1 where z(x) > 0: the logits are 0 and z, both [N, 1]. */
export function scoreModel(name: string, z: (x: tf.Tensor) => tf.Tensor): Classifier {
  return {
    name,
    inputShape: [1],
    classes: 2,
    logits: (x) =>
      tf.tidy(() => {
        const score = z(x);
        return tf.concat([tf.zerosLike(score), score], 1) as tf.Tensor2D;
      }),
  };
}
