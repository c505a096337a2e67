/** Trainings side by side, each in a process of its own. The native engine blocks the thread that
 *  calls it, and one small network does not keep two cores busy. */

import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { UserError } from '../../errors.js';
import type { Dataset } from '../dataset.js';
import type { ConvWeights } from '../models.js';
import { progress } from '../publish.js';
import type { TrainedModel } from '../train.js';
import { keptRobustModel, type RobustTraining } from './robust-training.js';

/** What a process is told to do. */
export interface Order {
  readonly training: RobustTraining;
  /** The first digits of MNIST, and the key that they must have. */
  readonly digits: { readonly size: number; readonly key: string };
}

/** What it tells. */
export type News =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Each process computes on one thread, on any machine: the number of threads changes the last bits of
 *  a trained network, and more threads than cores are slower. */
const THREADS = 1;

const WORKER = fileURLToPath(new URL('./training-process.js', import.meta.url));

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
  const [running, shares] = [new Set<ChildProcess>(), new Map<RobustTraining, number>()];
  const total = queue.length;
  const train = (training: RobustTraining): Promise<void> =>
    trainApart(training, digits, running, (share) => {
      shares.set(training, share);
      const done = [...shares.values()].reduce((sum, each) => sum + each, 0);
      progress(`training ${total} networks`, Math.floor(100 * done), 100 * total);
    });
  try {
    await pMap(queue, train, { concurrency: availableParallelism() });
  } finally {
    for (const child of running) child.kill('SIGKILL');
  }
}

/** One training in its process. `running` holds the process as long as it lives. */
function trainApart(
  training: RobustTraining,
  { size, key }: Dataset,
  running: Set<ChildProcess>,
  onShare: (share: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(WORKER, {
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: `${THREADS}` },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    running.add(child);
    let failure: string | undefined;
    child.on('message', (news: News) => {
      if (news.kind === 'progress') onShare(news.share);
      else failure = news.message;
    });
    child.on('error', (error) => {
      failure = error.message;
    });
    child.on('exit', (code, signal) => {
      running.delete(child);
      onShare(1);
      if (code === 0) return resolve();
      const ending = failure ?? (signal === null ? `exit code ${code}` : `its end by ${signal}`);
      reject(
        new UserError(`expected the training of ${nameOf(training)} to finish, got: ${ending}`, {
          hint: 'Run it again: trainings go on from where they were.',
        }),
      );
    });
    const order: Order = { training, digits: { size, key } };
    child.send(order);
  });
}

function nameOf({ scale, inner, seed }: RobustTraining): string {
  return `cap-${scale} (${inner}, seed ${seed})`;
}
