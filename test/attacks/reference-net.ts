/** The network and the images of `test/reference`, whose values come from PyTorch. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../../src/attacks/index.js';

export interface Values {
  readonly shape: number[];
  readonly values: number[];
}

/** One file of reference values. */
export function reference(name: 'attacks' | 'pgd' | 'carlini-wagner') {
  const file = join(import.meta.dirname, '..', 'reference', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function tensor({ shape, values }: Values): tf.Tensor {
  return tf.tensor(values, shape, 'float32');
}

/** The largest difference between two tensors. */
export async function distance(a: tf.Tensor, b: Values): Promise<number> {
  return (await tf.max(tf.abs(tf.sub(a, tensor(b)))).data())[0] as number;
}

/** Convolution, ReLU, dense, ReLU, dense, and twelve images with their classes. */
export function referenceNet(): { model: Classifier; x: tf.Tensor; y: Int32Array } {
  const { weights, ...values } = reference('attacks');
  const w = (name: string): tf.Tensor => tensor(weights[name]);
  const [k, kb, w1, b1, w2, b2] = ['k', 'kb', 'w1', 'b1', 'w2', 'b2'].map(w) as tf.Tensor[];
  const model: Classifier = {
    name: 'reference',
    inputShape: [6, 6, 1],
    classes: 5,
    logits: (images) =>
      tf.tidy(() => {
        const maps = tf.conv2d(images as tf.Tensor4D, k as tf.Tensor4D, 1, 'same');
        const h = tf.reshape(tf.relu(tf.add(maps, kb as tf.Tensor)), [
          images.shape[0] as number,
          -1,
        ]);
        const h1 = tf.relu(tf.add(tf.matMul(h, w1 as tf.Tensor), b1 as tf.Tensor));
        return tf.add(tf.matMul(h1, w2 as tf.Tensor), b2 as tf.Tensor) as tf.Tensor2D;
      }),
  };
  return { model, x: tensor(values.x), y: Int32Array.from(values.y.values) };
}
