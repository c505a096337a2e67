/** PGD training of madry-cnn on MNIST in 1,500 steps: the recipe, which pgd_training.py repeats. */

import { madryCnn, pgdTraining } from '../dist/index.js';

/** Digits of the training set: two epochs are 1,500 steps. */
export const DIGITS = 37_500;

const paper = madryCnn();

/** The paper's net, with weights that start smaller. From its own, with a deviation of 0.1 in every
 *  layer, logits start around ten, and the same 1,500 steps end at 51 % under PGD-40. */
export const NET = {
  ...paper,
  layout: /** @type {typeof paper.layout} */ (
    Object.fromEntries(
      Object.entries(paper.layout).map(([name, { shape }]) => [
        name,
        { shape, start: name.startsWith('w') ? 'glorot' : 'zero' },
      ]),
    )
  ),
};

export const RECIPE = {
  epochs: 2,
  seed: 1,
  batchSize: 50,
  lr: 1e-3,
  objective: pgdTraining({ eps: 0.3, alpha: 0.1, steps: 5, ramp: 600 }),
};
