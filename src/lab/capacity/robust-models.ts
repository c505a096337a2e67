/** Trainings side by side, each in a process of its own: one small network does not keep two cores
 *  busy. */

import { availableParallelism } from 'node:os';
import pMap from 'p-map';
import { UserError } from '../../errors.js';
import { inProcess, type Lab } from '../apart.js';
import type { Dataset } from '../dataset.js';
import type { ConvWeights } from '../models.js';
import { progress } from '../publish.js';
import type { TrainedModel } from '../train.js';
import { keptRobustModel, type RobustTraining } from './robust-training.js';

/** Each process computes on one thread, on any machine: the number of threads changes the last bits of
 *  a trained network, and more threads than cores are slower. */
const THREADS = 1;

/** The networks of these trainings, in their order: from the cache, or trained now, as many at once as
 *  there are cores, the largest first. What `mnist({ train })` loads is trained on, whole. The caller
 *  owns the weights. When one process fails or is killed the others are ended; what they have done so
 *  far is taken up next time.
 *  Throws UserError for a training that fails, and names it. */
export async function robustModels(
  trainings: readonly RobustTraining[],
  digits: Dataset,
): Promise<TrainedModel<ConvWeights>[]> {
  const found = await Promise.all(trainings.map((one) => keptRobustModel(one, digits, THREADS)));
  const missing = trainings.filter((_, i) => found[i] === undefined);
  await trainAll(missing, digits);
  const models: TrainedModel<ConvWeights>[] = [];
  for (const [i, training] of trainings.entries()) {
    models.push(found[i] ?? (await trainedJustNow(training, digits)));
  }
  return models;
}

async function trainedJustNow(
  training: RobustTraining,
  digits: Dataset,
): Promise<TrainedModel<ConvWeights>> {
  const model = await keptRobustModel(training, digits, THREADS);
  if (model !== undefined) return model;
  throw new UserError(`expected ${nameOf(training)} in the cache after its training, got nothing`, {
    hint: 'The cache folder must be writable: `npx marginalia doctor` names it.',
  });
}

async function trainAll(trainings: readonly RobustTraining[], digits: Dataset): Promise<void> {
  const once = [...new Map(trainings.map((one) => [JSON.stringify(one), one])).values()];
  const queue = once.sort((a, b) => b.scale - a.scale);
  const [ending, shares] = [new AbortController(), new Map<RobustTraining, number>()];
  const total = queue.length;
  const train = (training: RobustTraining): Promise<void> =>
    trainApart(training, digits, ending.signal, (share) => {
      shares.set(training, share);
      const done = [...shares.values()].reduce((sum, each) => sum + each, 0);
      progress(`training ${total} networks`, Math.floor(100 * done), 100 * total);
    });
  try {
    await pMap(queue, train, { concurrency: availableParallelism() });
  } finally {
    ending.abort();
  }
}

async function trainApart(
  training: RobustTraining,
  { size, key }: Dataset,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  const order = { work: String(trainHere), given: { training, size, key } };
  const onProgress = (_: string, share: number): void => onShare(share);
  await inProcess(order, { threads: THREADS, signal, onProgress }).catch(({ message }: Error) => {
    throw new UserError(`expected the training of ${nameOf(training)} to finish, got: ${message}`, {
      hint: 'Run it again: trainings go on from where they were.',
    });
  });
  onShare(1);
}

/** Runs in the other process, and sees nothing but its arguments. The network goes to the cache. */
async function trainHere(
  lab: Lab,
  { training, size, key }: { training: RobustTraining; size: number; key: string },
): Promise<void> {
  const { train } = await lab.mnist({ train: size, test: 0 });
  if (train.key !== key) {
    throw new Error(
      'expected digits as mnist({ train }) loads them, got a part or a change of them',
    );
  }
  await lab.robustModel(training, train);
}

function nameOf({ scale, inner, seed }: RobustTraining): string {
  return `cap-${scale} (${inner}, seed ${seed})`;
}
