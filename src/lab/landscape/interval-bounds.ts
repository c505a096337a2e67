/** Bounds that no point of a ball can cross, by interval arithmetic: Gowal et al. 2018
 *  (arXiv:1810.12715, section 3).
 *
 *    centre and radius pass an affine layer as Wᵀc + b and |W|ᵀr; a monotone one is taken at both ends */

import * as tf from '@tensorflow/tfjs-core';
import { type Box, type Images, PIXELS } from '../../attacks/index.js';
import type { MlpWeights, Model } from '../models.js';

/** For a network of two hidden dense layers and each image, an upper bound in nats of
 *  ρ(x) = max J(θ, x + δ, y) over ‖δ‖∞ ≤ eps within the box. Below ln 2 = 0.693 the probability of y
 *  is above one half on the whole ball: no attack can change the class. Right up to the rounding of
 *  float32, about 1e-6 of the logits. x: [N, …] in the box; y: N classes. */
export async function worstLossBounds(
  model: Model<MlpWeights>,
  x: Images,
  y: ArrayLike<number>,
  { eps, box = PIXELS }: { readonly eps: number; readonly box?: Box },
): Promise<number[]> {
  const bounds = tf.tidy(() => {
    const { w1, b1, w2, b2, w3, b3 } = model.weights;
    const [, h1, , h2] = model.architecture.layers;
    const unit = (layer: typeof h1) => (z: tf.Tensor) => layer?.run(model.weights, z) as tf.Tensor;
    const flat = tf.reshape(x, [y.length, -1]);
    const ends = [-eps, eps].map((by) => tf.clipByValue(tf.add(flat, by), ...box)) as Ends;
    const first = through(ends, w1, b1).map(unit(h1)) as Ends;
    const second = through(first, w2, b2).map(unit(h2)) as Ends;
    // Z_j − Z_y is one affine function of h2: bounded as one, not as a difference of two bounds.
    const own = tf.oneHot(tf.tensor1d(Array.from(y), 'int32'), model.classes);
    const ahead = Array.from({ length: model.classes }, (_, label) => {
      const wAhead = tf.sub(w3, tf.slice(w3, [0, label], [-1, 1])) as tf.Tensor2D;
      const bAhead = tf.sub(b3, tf.slice(b3, label, 1)) as tf.Tensor1D;
      const most = through(second, wAhead, bAhead)[1];
      return tf.mul(tf.logSumExp(most, 1), tf.gather(own, label, 1));
    });
    return tf.addN(ahead); // J = log Σ exp(Z_j − Z_y), the entry y being 0
  });
  const values = Array.from(await bounds.data());
  bounds.dispose();
  return values;
}

/** Lowest and highest value of each unit, [N, units]. */
type Ends = [low: tf.Tensor, high: tf.Tensor];

function through([low, high]: Ends, w: tf.Tensor2D, b: tf.Tensor1D): Ends {
  const centre = tf.mul(tf.add(low, high), 0.5) as tf.Tensor2D;
  const radius = tf.mul(tf.sub(high, low), 0.5) as tf.Tensor2D;
  const middle = tf.add(tf.matMul(centre, w), b);
  const spread = tf.matMul(radius, tf.abs(w));
  return [tf.sub(middle, spread), tf.add(middle, spread)];
}
