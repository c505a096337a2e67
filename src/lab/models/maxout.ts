/** Maxout networks: Goodfellow et al. 2013 (arXiv:1302.4389), the nets of the FGSM paper.
 *
 *  h_i(x) = max over pieces j of (xᵀW_ij + b_ij) */

import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, affine, layered, sized, type WeightLayout } from './architecture.js';
import type { MlpWeights } from './mlp.js';

const PIECES = 5;

/** Two hidden layers of `units` maxout units with five pieces on digits of side × side pixels:
 *  `maxout-240`, `maxout-1600`. Weights w1 [side², 5 · units] and so on; piece j of unit i is column
 *  j · units + i. Train it with `maxoutRecipe`. */
export function maxout(units: number, side = 28): Architecture<MlpWeights> {
  const matrix = (inputs: number, outputs: number): WeightLayout => ({
    shape: [inputs, outputs],
    start: { kind: 'uniform', low: -0.005, high: 0.005 },
  });
  const bias = (outputs: number): WeightLayout => ({ shape: [outputs], start: 'zero' });
  return layered<MlpWeights>({
    name: sized(`maxout-${units}`, side),
    inputShape: [side, side, 1],
    classes: 10,
    layout: {
      w1: matrix(side * side, PIECES * units),
      b1: bias(PIECES * units),
      w2: matrix(units, PIECES * units),
      b2: bias(PIECES * units),
      w3: matrix(units, 10),
      b3: bias(10),
    },
    layers: [
      { name: 'h1', hidden: true, run: ({ w1, b1 }, x) => largestPiece(affine(x, w1, b1)) },
      { name: 'h2', hidden: true, run: ({ w2, b2 }, h) => largestPiece(affine(h, w2, b2)) },
      { name: 'Z', run: ({ w3, b3 }, h) => affine(h, w3, b3) },
    ],
  });
}

/** [N, 5 · units] to [N, units]. */
function largestPiece(z: tf.Tensor2D): tf.Tensor2D {
  const [count, columns] = z.shape;
  return tf.max(tf.reshape(z, [count, PIECES, columns / PIECES]), 1);
}
