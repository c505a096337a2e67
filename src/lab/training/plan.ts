/** The options of a training, checked and complete. */

import { checkBatchSize } from '../../attacks/check-options.js';
import { UserError } from '../../errors.js';
import type { Weights } from '../models.js';
import { meanCrossEntropy, type Objective } from '../objective.js';
import { childSeed } from '../random.js';
import type { Dropout } from './dropout.js';
import type { EarlyStop } from './early-stop.js';
import type { OptimizerPlan, Ramp } from './optimizer.js';

export interface TrainOptions<W extends Weights = Weights> {
  /** Passes over the data; with `earlyStop` the most there may be. */
  readonly epochs: number;
  /** Seed of all random numbers of the training, or one for each kind of them. */
  readonly seed: number | Seeds;
  /** Examples per step, default 100. */
  readonly batchSize?: number;
  /** Default Adam. */
  readonly optimizer?: 'adam' | 'sgd';
  /** Learning rate, default 0.001 for Adam and 0.1 for SGD. */
  readonly lr?: number;
  /** Momentum of SGD, default 0; a ramp changes it over the epochs. */
  readonly momentum?: number | Ramp;
  /** What is lowered, default cross-entropy. */
  readonly objective?: Objective<W>;
  /** Probabilities of keeping a unit while training, default 1. */
  readonly dropout?: Dropout;
  /** Largest Euclidean norm of the weights into one unit, default none. */
  readonly maxColumnNorm?: number;
  /** Ends when held-out examples stop getting better, and gives the best epoch's weights. */
  readonly earlyStop?: EarlyStop;
  /** Keep the weights after each so many steps too, to see how the model got there; not with
   *  `earlyStop`. Default none. */
  readonly snapshotEvery?: number;
  /** Seconds between two checkpoints, from which a training that was killed goes on. Default 30. */
  readonly checkpointSeconds?: number;
}

/** One seed for each kind of random numbers: `batches` is their order, `noise` covers dropout masks
 *  and the noise of an objective. */
export interface Seeds {
  readonly weights: number;
  readonly batches: number;
  readonly noise: number;
}

export interface Plan<W extends Weights> {
  readonly epochs: number;
  readonly seeds: Seeds;
  readonly batchSize: number;
  readonly optimizer: OptimizerPlan;
  readonly objective: Objective<W>;
  readonly dropout: Dropout;
  /** 0: no limit. */
  readonly maxColumnNorm: number;
  readonly earlyStop: EarlyStop | undefined;
  readonly snapshotEvery: number | undefined;
  readonly checkpointSeconds: number;
}

/** Throws UserError for options with which training could not run. */
export function planOf<W extends Weights>(options: TrainOptions<W>): Plan<W> {
  const { epochs, seed, batchSize = 100, checkpointSeconds = 30 } = options;
  const { objective = meanCrossEntropy, dropout = {}, maxColumnNorm = 0, earlyStop } = options;
  const { snapshotEvery } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new UserError(`expected a whole number of epochs from 1, got ${epochs}`, {
      hint: 'Give epochs: 10, for instance.',
    });
  }
  checkBatchSize(batchSize);
  for (const [units, keep] of Object.entries(dropout)) {
    if (!(keep > 0 && keep <= 1)) {
      throw new UserError(`expected dropout.${units} above 0, at most 1, got ${keep}`, {
        hint: 'It is the probability of keeping a unit: 0.8 leaves out a fifth.',
      });
    }
  }
  checkSnapshots(snapshotEvery, earlyStop);
  const seeds = typeof seed === 'number' ? seedsOf(seed) : seed;
  const optimizer = optimizerPlan(options);
  const training = { epochs, seeds, batchSize, optimizer, objective };
  return { ...training, dropout, maxColumnNorm, earlyStop, snapshotEvery, checkpointSeconds };
}

function checkSnapshots(every: number | undefined, earlyStop: EarlyStop | undefined): void {
  if (every === undefined) return;
  if (!Number.isInteger(every) || every < 1) {
    throw new UserError(`expected a whole number of steps from 1 as snapshotEvery, got ${every}`, {
      hint: 'Give the steps between two snapshots, such as 100.',
    });
  }
  if (earlyStop !== undefined) {
    throw new UserError('expected snapshotEvery or earlyStop, got both', {
      hint: 'Nobody knows beforehand at which step early stopping will end.',
    });
  }
}

function seedsOf(seed: number): Seeds {
  const of = (kind: string): number => childSeed(seed, kind);
  return { weights: of('weights'), batches: of('batches'), noise: of('noise') };
}

function optimizerPlan({
  optimizer = 'adam',
  lr = optimizer === 'adam' ? 0.001 : 0.1,
  momentum = 0,
}: Pick<TrainOptions, 'optimizer' | 'lr' | 'momentum'>): OptimizerPlan {
  if (optimizer === 'sgd') {
    const ramp =
      typeof momentum === 'number' ? { from: momentum, to: momentum, epochs: 0 } : momentum;
    return { kind: 'sgd', lr, momentum: ramp };
  }
  if (momentum !== 0) {
    throw new UserError('expected momentum with SGD only, got it with Adam', {
      hint: "Add optimizer: 'sgd', or leave momentum out.",
    });
  }
  return { kind: 'adam', lr };
}

/** What decides the trained weights, as plain JSON. */
export function planKey<W extends Weights>({
  objective,
  earlyStop,
  checkpointSeconds,
  ...numbers
}: Plan<W>): unknown {
  const { name, loss, prepare } = objective;
  const watched = earlyStop && { ...earlyStop, validation: earlyStop.validation.key };
  return { objective: [name, String(loss), String(prepare)], ...numbers, earlyStop: watched };
}
