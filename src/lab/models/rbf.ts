/** Radial basis functions: units that answer near their centres only. */

import * as tf from '@tensorflow/tfjs-core';
import { flat } from '../../attacks/norm.js';
import { type Architecture, affine, layered, sized } from './architecture.js';

export type RbfWeights = {
  /** Centres μ, [d, units]. */
  readonly mu: tf.Tensor2D;
  /** Widths: unit k weighs feature i by scale². [d, units] */
  readonly scale: tf.Tensor2D;
};

export type RbfNetworkWeights = RbfWeights & {
  readonly w: tf.Tensor2D;
  readonly b: tf.Tensor1D;
};

/** The shallow RBF network of Goodfellow, Shlens, Szegedy 2015 (arXiv:1412.6572, section 7) on
 *  digits of side × side pixels: one unit a class, p(y = k | x) = exp((x − μ_k)ᵀβ_k(x − μ_k)), with
 *  a diagonal β_k = −diag(scale_k²). The logits are log p, at most 0; `exp` of them are the
 *  probabilities that the units give, which need not sum to 1. Train it with `unitCrossEntropy`. */
export function rbf10(side = 28): Architecture<RbfWeights> {
  return layered<RbfWeights>({
    name: sized('rbf-10', side),
    inputShape: [side, side, 1],
    classes: 10,
    layout: units(side * side, 10),
    layers: [{ name: 'Z', run: ({ mu, scale }, x) => tf.neg(distances(x, mu, scale)) }],
  });
}

/** A hidden layer of Gaussian units exp(−Σᵢ scaleᵢ²(xᵢ − μᵢ)²) under a linear layer:
 *  side² → units → 10, `rbf-net-100`. */
export function rbfNetwork(count: number, side = 28): Architecture<RbfNetworkWeights> {
  return layered<RbfNetworkWeights>({
    name: sized(`rbf-net-${count}`, side),
    inputShape: [side, side, 1],
    classes: 10,
    layout: {
      ...units(side * side, count),
      w: { shape: [count, 10], start: 'glorot' },
      b: { shape: [10], start: 'zero' },
    },
    layers: [
      {
        name: 'h1',
        hidden: true,
        run: ({ mu, scale }, x) => tf.exp(tf.neg(distances(x, mu, scale))),
      },
      { name: 'Z', run: ({ w, b }, h) => affine(h, w, b) },
    ],
  });
}

/** Wide enough at first that every digit is seen: squared distances are about 1. */
function units(d: number, count: number): { readonly [name in keyof RbfWeights]: RbfLayout } {
  const start = 1.5 / Math.sqrt(d);
  return {
    mu: { shape: [d, count], start: { kind: 'uniform', low: 0, high: 1 } },
    scale: { shape: [d, count], start: { kind: 'constant', value: start } },
  };
}

type RbfLayout = Architecture<RbfWeights>['layout']['mu'];

/** Σᵢ scale²ᵢₖ (xᵢ − μᵢₖ)² of each input and unit, [N, units], by matrix products: the differences
 *  themselves would take units × d numbers for each input. */
function distances(x: tf.Tensor, mu: tf.Tensor2D, scale: tf.Tensor2D): tf.Tensor2D {
  const rows = flat(x);
  const beta = tf.square(scale);
  const weighted = tf.mul(beta, mu);
  const squares = tf.matMul(tf.square(rows), beta);
  const products = tf.matMul(rows, weighted as tf.Tensor2D);
  const constant = tf.sum(tf.mul(weighted, mu), 0);
  // Rounding can make a tiny distance negative; a probability must not exceed 1.
  return tf.relu(tf.add(tf.sub(squares, tf.mul(products, 2)), constant)) as tf.Tensor2D;
}
