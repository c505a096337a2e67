/** Training by mini-batches, seeded, remembered, and taken up again after a kill. */

import { join } from 'node:path';
import { UserError } from '../errors.js';
import type { Dataset } from './dataset.js';
import { currentEngine, type Engine } from './engine.js';
import { type Codec, cacheFolder, contentHash, memoised, recalled } from './memo.js';
import { type Architecture, type Model, modelOf, type Weights } from './models.js';
import { publishTraining } from './publish.js';
import { checkpointAt } from './training/checkpoint.js';
import { type TrainingRun, train } from './training/loop.js';
import { type Plan, planKey, planOf, type TrainOptions } from './training/plan.js';
import { settingsOf } from './training/settings.js';
import { trainingCodec } from './training/training-codec.js';

/** A model, and how its training went. */
export interface TrainedModel<W extends Weights = Weights>
  extends Model<W>,
    Omit<TrainingRun<W>, 'weights'> {
  /** Names architecture, data and every option: the same key, the same model. */
  readonly key: string;
}

/** W, known from elsewhere: the architecture alone decides what the weights are. */
export type Given<W> = [W][W extends unknown ? 0 : never];

/** Raise it whenever the same options would train another model, or other things would be told of it.
 *  It covers what the key does not see: the loop, optimisers and random numbers, and whatever layers
 *  and losses call or capture. */
const TRAINER_VERSION = 6;

/** A trained model: taken from the cache when the same architecture, data and options were trained
 *  before on the same engine, else trained now, from where it was if it was killed before. Its weights
 *  are constants either way: no later training changes them. Named in the colophon.
 *  Throws UserError when data and architecture do not fit, for options with which training could not
 *  run, or when the loss stops being finite. */
export async function trained<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  options: TrainOptions<Given<W>>,
): Promise<TrainedModel<W>> {
  const { plan, key, codec, finished } = prepared(architecture, data, options, currentEngine());
  const file = join(cacheFolder(), 'trained', 'unfinished', `${key}.safetensors`);
  const checkpoint = checkpointAt(file, plan.checkpointSeconds);
  return finished(await memoised(key, codec, () => train(architecture, data, plan, checkpoint)));
}

/** The same model where it was trained before by an engine with so many threads; undefined where it
 *  was not. */
export async function keptModel<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  options: TrainOptions<Given<W>>,
  threads: number,
): Promise<TrainedModel<W> | undefined> {
  const engine = { ...currentEngine(), threads };
  const { key, codec, finished } = prepared(architecture, data, options, engine);
  const kept = await recalled(key, codec);
  return kept && finished(kept.result);
}

interface Prepared<W extends Weights> {
  readonly plan: Plan<Given<W>>;
  readonly key: string;
  readonly codec: Codec<TrainingRun<W>>;
  /** The model with what is known of it, named in the colophon. */
  readonly finished: (run: TrainingRun<W>) => TrainedModel<W>;
}

function prepared<W extends Weights>(
  architecture: Architecture<W>,
  data: Dataset,
  options: TrainOptions<Given<W>>,
  engine: Engine,
): Prepared<W> {
  checkFit(architecture, data);
  const plan = planOf(options);
  if (plan.earlyStop !== undefined) checkFit(architecture, plan.earlyStop.validation);
  const { name, inputShape, classes, layout, layers } = architecture;
  const key = contentHash({
    trainer: TRAINER_VERSION,
    // Threads share out sums, and so change the order in which they round.
    engine: [engine.kind, engine.version, engine.threads],
    architecture: {
      name,
      inputShape,
      classes,
      layout,
      layers: layers.map((layer) => [layer.name, layer.hidden ?? false, String(layer.run)]),
    },
    data: data.key,
    plan: planKey(plan),
  });
  const finished = ({ weights, ...record }: TrainingRun<W>): TrainedModel<W> => {
    publishTraining({
      key,
      model: name,
      data: data.name,
      examples: data.size,
      settings: settingsOf(plan, options.seed),
      seconds: record.seconds,
    });
    return { ...modelOf(architecture, weights), ...record, key };
  };
  return { plan, key, codec: trainingCodec(architecture), finished };
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
