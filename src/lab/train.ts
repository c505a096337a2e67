/** Training by mini-batches, seeded and remembered. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { checkBatchSize } from '../attacks/check-options.js';
import { UserError } from '../errors.js';
import type { Dataset } from './dataset.js';
import { currentEngine } from './engine.js';
import { contentHash, memoised } from './memo.js';
import { type Architecture, type Model, modelOf, startWeights, type Weights } from './models.js';
import { meanCrossEntropy, type Objective } from './objective.js';
import { progress, publishSource } from './publish.js';
import { type Random, random } from './random.js';
import { type TrainingRun, trainingCodec } from './training-codec.js';

export interface TrainOptions<W extends Weights = Weights> {
  /** Passes over the data. */
  readonly epochs: number;
  /** Seed of the first weights and of the order of the batches. */
  readonly seed: number;
  /** Examples per step, default 100. */
  readonly batchSize?: number;
  /** Default Adam. */
  readonly optimizer?: 'adam' | 'sgd';
  /** Learning rate, default 0.001 for Adam and 0.1 for SGD. */
  readonly lr?: number;
  /** What is lowered, default cross-entropy. */
  readonly objective?: Objective<W>;
}

/** A model, and how its training went. */
export interface TrainedModel<W extends Weights = Weights> extends Model<W> {
  /** Mean objective of each epoch, over its steps. */
  readonly epochLoss: readonly number[];
  /** Names architecture, data and every option: the same key, the same model. */
  readonly key: string;
}

/** W, known from elsewhere: the architecture alone decides what the weights are. */
export type Given<W> = [W][W extends unknown ? 0 : never];

/** Raise it whenever the same options would train another model. It covers what the key does not
 *  see: the loop, optimisers and random numbers here, and whatever `logits` and `loss` call or
 *  capture. */
const TRAINER_VERSION = 1;

interface Plan<W extends Weights> {
  readonly epochs: number;
  readonly seed: number;
  readonly batchSize: number;
  readonly optimizer: 'adam' | 'sgd';
  readonly lr: number;
  readonly objective: Objective<W>;
}

/** A trained model: taken from the cache when the same architecture, data and options were trained
 *  before on the same engine, else trained now. Its weights are constants either way: no later
 *  training changes them. Named in the colophon.
 *  Throws UserError when data and architecture do not fit, or the loss stops being finite. */
export async function trained<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  options: TrainOptions<Given<W>>,
): Promise<TrainedModel<W>> {
  const engine = currentEngine();
  checkFit(architecture, data);
  const plan = withDefaults(options);
  const { objective, ...numbers } = plan;
  const { name, inputShape, classes, layout, layers } = architecture;
  const key = contentHash({
    trainer: TRAINER_VERSION,
    engine: [engine.kind, engine.version],
    architecture: {
      name,
      inputShape,
      classes,
      layout,
      layers: layers.map(({ name, hidden, run }) => [name, hidden ?? false, String(run)]),
    },
    data: data.key,
    objective: [objective.name, String(objective.loss)],
    ...numbers,
  });
  const codec = trainingCodec(architecture);
  const run = await memoised(key, codec, () => train(architecture, data, plan));
  publishSource({ name: `model ${name}`, detail: describe(data, plan) });
  return { ...modelOf(architecture, run.weights), epochLoss: run.epochLoss, key };
}

function withDefaults<W extends Weights>(options: TrainOptions<W>): Plan<W> {
  const { optimizer = 'adam', batchSize = 100, objective = meanCrossEntropy } = options;
  const { epochs, seed, lr = optimizer === 'adam' ? 0.001 : 0.1 } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new UserError(`expected a whole number of epochs from 1, got ${epochs}`, {
      hint: 'Give epochs: 10, for instance.',
    });
  }
  checkBatchSize(batchSize);
  return { epochs, seed, batchSize, optimizer, lr, objective };
}

/** Trains from the start. The caller owns the weights, which are plain tensors as from the cache. */
async function train<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  plan: Plan<W>,
): Promise<TrainingRun<W>> {
  const draws = random(plan.seed);
  const variables = asVariables(startWeights(architecture, draws));
  const model = modelOf(architecture, variables);
  const optimizer = plan.optimizer === 'adam' ? tf.train.adam(plan.lr) : tf.train.sgd(plan.lr);
  const labels = tf.tensor1d(data.y, 'int32');
  const epochLoss: number[] = [];
  try {
    for (let epoch = 0; epoch < plan.epochs; epoch++) {
      epochLoss.push(await trainEpoch(model, data, labels, optimizer, plan, draws, epoch));
    }
    return { weights: asConstants(variables), epochLoss };
  } finally {
    tf.dispose([labels, ...Object.values(variables)]);
    optimizer.dispose();
  }
}

async function trainEpoch<W extends Weights>(
  model: Model<W>,
  data: Dataset,
  labels: tf.Tensor1D,
  optimizer: tf.Optimizer,
  { batchSize, objective, epochs }: Plan<W>,
  draws: Random,
  epoch: number,
): Promise<number> {
  const order = draws.shuffle(data.size);
  const steps = Math.ceil(data.size / batchSize);
  // Only these: a teacher inside the objective may have variables of its own.
  const trainable = Object.values(model.weights) as tf.Variable[];
  const losses: tf.Scalar[] = [];
  try {
    for (let step = 0; step < steps; step++) {
      const rows = order.subarray(step * batchSize, (step + 1) * batchSize);
      const loss = tf.tidy(() => {
        const index = tf.tensor1d(rows, 'int32');
        const [x, y] = [tf.gather(data.x, index), tf.gather(labels, index)];
        return optimizer.minimize(() => objective.loss(model, x, y), true, trainable) as tf.Scalar;
      });
      losses.push(loss);
      progress(`training ${model.name}`, epoch * steps + step + 1, epochs * steps);
      await setImmediate(); // the native engine blocks: let messages out between steps
    }
    return await meanLoss(losses, model.name, epoch);
  } finally {
    tf.dispose(losses);
  }
}

async function meanLoss(losses: tf.Scalar[], name: string, epoch: number): Promise<number> {
  const mean = tf.tidy(() => tf.mean(tf.stack(losses)));
  const [value] = await mean.data();
  mean.dispose();
  if (!Number.isFinite(value)) {
    throw new UserError(`expected a finite loss of ${name}, got ${value} in epoch ${epoch + 1}`, {
      hint: 'Lower the learning rate.',
    });
  }
  return value as number;
}

/** The weights as variables, which the optimiser changes in place. */
function asVariables<W extends Weights>(weights: W): W {
  const variable = ([name, weight]: [string, tf.Tensor]): [string, tf.Tensor] => {
    const made = tf.variable(weight);
    weight.dispose();
    return [name, made];
  };
  return Object.fromEntries(Object.entries(weights).map(variable)) as W;
}

/** The same values as plain tensors, which no optimiser finds. */
function asConstants<W extends Weights>(variables: W): W {
  const constant = ([name, variable]: [string, tf.Tensor]) => [name, tf.clone(variable)];
  return Object.fromEntries(Object.entries(variables).map(constant)) as W;
}

function checkFit(
  architecture: Pick<Architecture, 'name' | 'inputShape' | 'classes'>,
  data: Dataset,
): void {
  const shape = data.x.shape.slice(1);
  const fits = String(shape) === String(architecture.inputShape);
  if (fits && data.classes === architecture.classes && data.size > 0) return;
  const wanted = `[${architecture.inputShape}] in ${architecture.classes} classes`;
  const got = `${data.size} of [${shape}] in ${data.classes} classes`;
  throw new UserError(`expected examples of shape ${wanted} for ${architecture.name}, got ${got}`, {
    hint: 'Take another architecture, or data.only(…) and data.resize(…).',
  });
}

function describe<W extends Weights>(data: Dataset, plan: Plan<W>): string {
  const { epochs, batchSize, optimizer, lr, seed, objective } = plan;
  const how = `${epochs} epochs, ${optimizer} ${lr}, batches of ${batchSize}, seed ${seed}`;
  return `${data.name}, ${data.size} examples, ${objective.name}, ${how}`;
}
