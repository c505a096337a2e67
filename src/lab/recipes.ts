/** Published settings of trainings. */

import type { TrainOptions } from './training/plan.js';

/** What a recipe sets; epochs, seed and objective are left to the notebook. */
export type Recipe = Omit<TrainOptions, 'epochs' | 'seed' | 'objective'>;

/** The maxout nets of Goodfellow et al. 2013 on MNIST, after pylearn2's `mnist_pi.yaml`. There the
 *  learning rate also falls by 4e-6 per step, and inputs are not divided by 0.8 while training. */
export const maxoutRecipe: Recipe = {
  optimizer: 'sgd',
  lr: 0.1,
  momentum: { from: 0.5, to: 0.7, epochs: 250 },
  batchSize: 100,
  dropout: { input: 0.8, hidden: 0.5 },
  maxColumnNorm: 1.9365,
};

/** Madry et al. 2018 on MNIST, after MadryLab/mnist_challenge: 100,000 steps there. The sum of the loss
 *  over the batch is lowered there, its mean here, which Adam does not notice. */
export const madryRecipe: Recipe = { optimizer: 'adam', lr: 1e-4, batchSize: 50 };

/** The attack in their training and, with restarts, in their evaluation: ε = 0.3, 40 steps of 0.01. */
export const madryAttack = { eps: 0.3, alpha: 0.01, steps: 40 } as const;

/** Carlini and Wagner 2017 on MNIST, after carlini/nn_robust_attacks: 50 epochs, on the images from
 *  5,000 on. The paper's table II prints a learning rate of 0.1. Their momentum is Nesterov's, and the
 *  learning rate falls by 2 % in all (10⁻⁶ per step). */
export const cwRecipe: Recipe = {
  optimizer: 'sgd',
  lr: 0.01,
  momentum: 0.9,
  batchSize: 128,
  dropout: { hidden: 0.5 },
};

/** The same net in a few epochs, which is ours and not the paper's. */
export const cwQuickRecipe: Recipe = {
  optimizer: 'adam',
  lr: 0.001,
  batchSize: 128,
  dropout: { hidden: 0.5 },
};
