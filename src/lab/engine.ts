/** The one file that knows which engine computes: TensorFlow's native library, or plain JavaScript. */

import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { registerMaxPooling, registerReluGradient, registerShortcuts } from './native-kernels.js';
import { publishEngine } from './publish.js';
import { registerThinGradient } from './thin-convolution.js';

export interface Engine {
  readonly kind: 'native' | 'cpu';
  readonly name: string;
  readonly version: string;
  readonly threads: number;
}

const require = createRequire(import.meta.url);
let started: Engine | undefined;

export interface EngineOptions {
  /** How many processes compute at a time, this one included: each takes its part of the cores, one
   *  thread at least. Default 2: a build runs two notebooks at once, a notebook may have work `apart`, and
   *  small networks are slower on two threads than on one. For large batches alone: 1. */
  readonly processes?: number;
}

/** Starts the engine and names it in the colophon; later calls return the same engine.
 *  The native one is taken where it loads, else plain JavaScript with a notice. The environment
 *  variable MARGINALIA_ENGINE=native or cpu decides instead, and TF_NUM_INTRAOP_THREADS the threads.
 *  Throws UserError for another value of the first, for processes that are no count, or when `native`
 *  does not load. */
export async function startEngine({ processes = 2 }: EngineOptions = {}): Promise<Engine> {
  if (started !== undefined) return started;
  const wish = readWish(process.env.MARGINALIA_ENGINE);
  const threads = threadsFor(processes);
  tf.enableProdMode(); // or TensorFlow.js prints greetings and hints into the cell
  started = wish === 'cpu' ? await startCpu() : await startNative(wish, threads);
  publishEngine({ name: started.name, version: started.version, threads: started.threads });
  return started;
}

function threadsFor(processes: number): number {
  if (!Number.isInteger(processes) || processes < 1) {
    throw new UserError(`expected the number of processes, from 1, got ${processes}`);
  }
  return Math.max(1, Math.floor(availableParallelism() / processes));
}

/** The engine that was started. Throws UserError when none was. */
export function currentEngine(): Engine {
  if (started === undefined) {
    throw new UserError('expected a running engine, got none', {
      hint: 'Call `await startEngine()` in the first cell.',
    });
  }
  return started;
}

function readWish(wish: string | undefined): 'native' | 'cpu' | undefined {
  if (wish === undefined || wish === '') return undefined;
  if (wish === 'native' || wish === 'cpu') return wish;
  throw new UserError(`expected MARGINALIA_ENGINE to be native or cpu, got "${wish}"`, {
    hint: 'Unset it to take the fastest engine that loads.',
  });
}

async function startNative(wish: 'native' | undefined, threads: number): Promise<Engine> {
  try {
    return await loadNative(threads);
  } catch (cause) {
    if (wish === 'native') {
      throw new UserError('expected the native engine, got none that loads', {
        hint: 'Run `npx marginalia setup`, which sets it up, or `npx marginalia doctor`, which says what is missing.',
        cause,
      });
    }
    console.warn('Native engine missing: plain JavaScript computes, about 20 times slower.');
    return startCpu();
  }
}

async function loadNative(threads: number): Promise<Engine> {
  // Must be set before the library loads; it writes its log straight to the process's stderr.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  process.env.TF_NUM_INTRAOP_THREADS ||= `${threads}`;
  restoreUtilFunctions();
  require('@tensorflow/tfjs-node');
  await tf.ready();
  registerReluGradient();
  registerMaxPooling();
  registerShortcuts();
  registerThinGradient();
  const backend = tf.backend() as tf.KernelBackend & { binding?: { TF_Version?: string } };
  return {
    kind: 'native',
    name: `TensorFlow through tfjs-node ${tf.version_core}`,
    version: backend.binding?.TF_Version ?? 'unknown',
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
  };
}

async function startCpu(): Promise<Engine> {
  // The whole of TensorFlow.js, because its core alone has no gradients.
  require('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  return {
    kind: 'cpu',
    name: 'TensorFlow.js in plain JavaScript',
    version: tf.version_core,
    threads: 1,
  };
}

/** Node 24 dropped two functions that tfjs-node calls. */
function restoreUtilFunctions(): void {
  const util = require('node:util') as { [name: string]: unknown };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
