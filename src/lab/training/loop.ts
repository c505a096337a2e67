/** The loop over epochs and steps. All random numbers of a step come from the seeds, the epoch and the
 *  step, so it can go on from any step as if it had never stopped. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.js';
import type { Dataset } from '../dataset.js';
import { type Architecture, type Model, modelOf, startWeights, type Weights } from '../models.js';
import { progress } from '../publish.js';
import { childSeed, random } from '../random.js';
import { mean } from '../statistics.js';
import type { Checkpoint } from './checkpoint.js';
import { withDropout } from './dropout.js';
import { bestEpoch, isOver, type ValidationRecord, validated } from './early-stop.js';
import { limitColumnNorms, type Optimizer, optimizerOf } from './optimizer.js';
import type { Plan } from './plan.js';
import { type Snapshot, snapshotRoom, snapshotsOf, takeSnapshot } from './snapshots.js';
import {
  asVariables,
  copies,
  type Position,
  START,
  type State,
  savedState,
  takeUp,
} from './state.js';

/** Weights, and how their training went. */
export interface TrainingRun<W extends Weights> {
  readonly weights: W;
  /** Mean objective of each epoch, over its steps. */
  readonly epochLoss: readonly number[];
  /** Time that it took, without pauses after a kill. */
  readonly seconds: number;
  /** With `earlyStop`: the errors after each epoch, and the epoch of the weights, from 1. */
  readonly validation?: ValidationRecord & { readonly epoch: number };
  /** With `snapshotEvery`: the weights on the way. */
  readonly snapshots?: readonly Snapshot<W>[];
}

/** Trains, from the checkpoint if there is one. The caller owns the weights, which are plain tensors
 *  as from the cache. */
export async function train<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  plan: Plan<W>,
  checkpoint: Checkpoint,
): Promise<TrainingRun<W>> {
  const weights = asVariables(startWeights(architecture, random(plan.seeds.weights)));
  const model = modelOf(architecture, weights as unknown as W);
  const optimizer = optimizerOf(plan.optimizer, weights);
  const best = plan.earlyStop === undefined ? {} : asVariables(copies(weights));
  const snapshots = snapshotRoom(plan, data.size, weights);
  const labels = tf.tensor1d(data.y, 'int32');
  const state: State = { weights, slots: optimizer.slots, best, snapshots };
  try {
    let position = takeUp(state, await checkpoint.read()) ?? START;
    const begin = performance.now() - 1000 * position.seconds;
    const elapsed = (): number => (performance.now() - begin) / 1000;
    const training = { model, data, labels, plan, optimizer, state, elapsed };
    while (!isDone(position, plan)) position = await finishEpoch(position, training, checkpoint);
    await checkpoint.remove();
    return runOf(position, plan, state);
  } finally {
    for (const owned of Object.values(state).flatMap(Object.values)) owned.dispose();
    labels.dispose();
  }
}

function isDone<W extends Weights>({ epochLoss, validation }: Position, plan: Plan<W>): boolean {
  if (epochLoss.length === plan.epochs) return true;
  return plan.earlyStop !== undefined && epochLoss.length > 0 && isOver(validation, plan.earlyStop);
}

function runOf<W extends Weights>(
  { epochLoss, validation, seconds }: Position,
  { earlyStop, snapshotEvery }: Plan<W>,
  { weights, best, snapshots }: State,
): TrainingRun<W> {
  if (snapshotEvery !== undefined) {
    return { weights: copies(weights) as W, epochLoss, seconds, snapshots: snapshotsOf(snapshots) };
  }
  if (earlyStop === undefined) return { weights: copies(weights) as W, epochLoss, seconds };
  const epoch = bestEpoch(validation, earlyStop.watch);
  return { weights: copies(best) as W, epochLoss, seconds, validation: { ...validation, epoch } };
}

interface Training<W extends Weights> {
  readonly model: Model<W>;
  readonly data: Dataset;
  readonly labels: tf.Tensor1D;
  readonly plan: Plan<W>;
  readonly optimizer: Optimizer;
  readonly state: State;
  /** Seconds spent so far, those before a kill included. */
  readonly elapsed: () => number;
}

/** The remaining steps of the epoch, and the look at the held-out examples. */
async function finishEpoch<W extends Weights>(
  { epochLoss, losses: before, validation }: Position,
  training: Training<W>,
  checkpoint: Checkpoint,
): Promise<Position> {
  const { model, data, plan, state, elapsed } = training;
  const epoch = epochLoss.length;
  const order = random(childSeed(plan.seeds.batches, epoch)).shuffle(data.size);
  const steps = Math.ceil(data.size / plan.batchSize);
  const losses = [...before];
  while (losses.length < steps) {
    const step = losses.length;
    const rows = order.subarray(step * plan.batchSize, (step + 1) * plan.batchSize);
    losses.push(trainStep(training, rows, epoch, epoch * steps + step + 1));
    takeSnapshot(state, epoch * steps + step + 1);
    progress(`training ${model.name}`, epoch * steps + step + 1, plan.epochs * steps);
    await checkpoint.saveWhenDue(() =>
      savedState(state, { epochLoss, losses, validation, seconds: elapsed() }),
    );
    await setImmediate(); // the native engine blocks: let messages out between steps
  }
  const after = { epochLoss: [...epochLoss, mean(losses)], losses: [] };
  if (plan.earlyStop === undefined) return { ...after, validation, seconds: elapsed() };
  const longer = await validated(validation, model, plan.earlyStop);
  if (bestEpoch(longer, plan.earlyStop.watch) === epoch + 1) {
    for (const [name, best] of Object.entries(state.best)) {
      best.assign(state.weights[name] as tf.Tensor);
    }
  }
  return { ...after, validation: longer, seconds: elapsed() };
}

/** One step on the given rows; the loss before it. `count` is the number of the step, from 1. */
function trainStep<W extends Weights>(
  { model, data, labels, plan, optimizer, state: { weights } }: Training<W>,
  rows: Int32Array,
  epoch: number,
  count: number,
): number {
  const { objective, dropout, maxColumnNorm, seeds } = plan;
  const loss = tf.tidy(() => {
    const index = tf.tensor1d(rows, 'int32');
    const [x, y] = [tf.gather(data.x, index), tf.gather(labels, index)];
    const draws = random(childSeed(seeds.noise, count));
    const prepared = objective.prepare?.(model, x, y, draws, count) ?? x;
    const used = Object.keys(dropout).length === 0 ? model : withDropout(model, dropout, draws);
    const { value, grads } = tf.variableGrads(
      () => objective.loss(used, x, y, prepared),
      // Only these: a teacher inside the objective may have variables of its own.
      Object.values(weights),
    );
    optimizer.apply(byWeight(weights, grads), count, epoch);
    if (maxColumnNorm > 0) limitColumnNorms(weights, maxColumnNorm);
    return value.dataSync()[0] as number;
  });
  if (Number.isFinite(loss)) return loss;
  throw new UserError(
    `expected a finite loss of ${model.name}, got ${loss} in epoch ${epoch + 1}`,
    {
      hint: 'Lower the learning rate.',
    },
  );
}

function byWeight(weights: State['weights'], gradients: tf.NamedTensorMap): tf.NamedTensorMap {
  const found: tf.NamedTensorMap = {};
  for (const [name, { name: variable }] of Object.entries(weights)) {
    const gradient = gradients[variable];
    if (gradient != null) found[name] = gradient; // none for a weight that the loss leaves out
  }
  return found;
}
