/** Three ways to keep an image in the box while one descends (Carlini, Wagner 2017, arXiv:1608.04644,
 *  section 5.2). Each has a free variable v of the shape of x. */

import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.js';
import type { Box, Images } from '../classifier.js';

export type BoxConstraint = 'change-of-variables' | 'clipped' | 'projected';

export interface Constraint {
  /** v at `image`, a point of the box. */
  at(image: Images, x: Images, box: Box): tf.Tensor;
  /** The image that v stands for, in the box. */
  image(v: tf.Tensor, x: Images, box: Box): Images;
  /** The perturbation whose length is to be small. `image`: what v stands for. */
  perturbation(v: tf.Tensor, image: Images, x: Images): tf.Tensor;
  /** v after a step. */
  settle(v: tf.Tensor, x: Images, box: Box): tf.Tensor;
}

/** Just inside the box: tanh never reaches its ends, and at a pixel of 0 or 1 its slope would be 0, so
 *  that the pixel could not move. From the authors' code. */
const SHRINK = 0.999999;

export const CONSTRAINTS: { readonly [name in BoxConstraint]: Constraint } = {
  /** x + δ = ½(tanh v + 1), here for any box. Its edges cannot be crossed. */
  'change-of-variables': {
    at: (image, _, box) => {
      const { middle, half } = bounded(box);
      return tf.atanh(tf.mul(tf.div(tf.sub(image, middle), half), SHRINK));
    },
    image: (v, _, box) => {
      const { middle, half } = bounded(box);
      return tf.add(tf.mul(tf.tanh(v), half), middle);
    },
    perturbation: (_, image, x) => tf.sub(image, x),
    settle: (v) => v,
  },
  /** v = δ is free, and the model sees x + δ cut to the box. Where it is cut there is no slope. */
  clipped: {
    at: (image, x) => tf.sub(image, x),
    image: (v, x, box) => tf.clipByValue(tf.add(x, v), ...box),
    perturbation: (v) => v,
    settle: (v) => v,
  },
  /** v = δ is cut after each step. The optimiser does not know of it. */
  projected: {
    at: (image, x) => tf.sub(image, x),
    image: (v, x, box) => tf.clipByValue(tf.add(x, v), ...box), // again: x + δ was rounded
    perturbation: (v) => v,
    settle: (v, x, box) => tf.sub(tf.clipByValue(tf.add(x, v), ...box), x),
  },
};

function bounded([low, high]: Box): { readonly middle: number; readonly half: number } {
  if (Number.isFinite(high - low)) return { middle: (low + high) / 2, half: (high - low) / 2 };
  throw new UserError(
    `expected a box with bounds for the change of variables, got [${low}, ${high}]`,
    {
      hint: "Give box: [0, 1], or constraint: 'projected'.",
    },
  );
}
