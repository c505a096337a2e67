/** A training of the capacity study, written down as plain numbers: Madry et al. 2018
 *  (arXiv:1706.06083, section 4). */

import type { Dataset } from '../dataset.js';
import { type Architecture, type ConvWeights, madryCnn } from '../models.js';
import { meanCrossEntropy, type Objective } from '../objective.js';
import { type PgdTrainingOptions, pgdTraining } from '../pgd-training.js';
import { keptModel, type TrainedModel, trained } from '../train.js';
import type { TrainOptions } from '../training/plan.js';

/** What stands in for the maximum over the ball while training: the image itself, one step of FGSM, or
 *  PGD. */
export type Inner = 'natural' | 'fgsm' | 'pgd';

export interface RobustTraining {
  /** k of cap-k; 16 is madry-cnn. */
  readonly scale: number;
  readonly inner: Inner;
  /** The attack of PGD training. FGSM training takes ε and the ramp from it. */
  readonly attack: PgdTrainingOptions;
  readonly epochs: number;
  readonly batchSize: number;
  /** Learning rate of Adam. */
  readonly lr: number;
  readonly seed: number;
  /** As for `trained`; default none. */
  readonly snapshotEvery?: number;
}

/** The three trainings as one: they differ in the inner maximum alone. */
export function robustObjective(inner: Inner, attack: PgdTrainingOptions): Objective {
  if (inner === 'natural') return meanCrossEntropy;
  if (inner === 'pgd') return pgdTraining(attack);
  const { eps, ramp = 0 } = attack;
  return pgdTraining({ eps, alpha: eps, steps: 1, randomStart: false, ramp });
}

/** cap-k before its training. From Glorot's start weights PGD training needs fewer steps than from the
 *  authors'. */
export const robustNet = (scale: number): Architecture<ConvWeights> => madryCnn(scale, 'glorot');

/** The network so trained on digits, remembered as by `trained`. */
export function robustModel(
  training: RobustTraining,
  digits: Dataset,
): Promise<TrainedModel<ConvWeights>> {
  return trained(robustNet(training.scale), digits, optionsOf(training));
}

/** The same, if it was trained before by an engine with so many threads. */
export function keptRobustModel(
  training: RobustTraining,
  digits: Dataset,
  threads: number,
): Promise<TrainedModel<ConvWeights> | undefined> {
  return keptModel(robustNet(training.scale), digits, optionsOf(training), threads);
}

function optionsOf({ scale: _, inner, attack, ...options }: RobustTraining): TrainOptions {
  return { ...options, objective: robustObjective(inner, attack) };
}
