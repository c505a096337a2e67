/** A notebook from first to last cell. */

import type { UserError } from '../../errors.js';
import type { PublishedProgress } from '../../mime.js';
import { stepsOf } from '../notebook/steps.js';
import type { Notebook } from '../notebook/types.js';
import { collector, type Displays } from './collector.js';
import { connectKernel, type Kernel } from './connection.js';
import { launchKernel } from './kernel-process.js';
import {
  type Done,
  failureIn,
  finished,
  firstFailure,
  type Job,
  withoutOutputs,
} from './outcome.js';
import { type ParameterValue, withParameters } from './parameters.js';
import { runCell } from './run-cell.js';

export type KernelEvent =
  | {
      readonly type: 'cell-start';
      readonly cell: number;
      readonly of: number;
      readonly label?: string;
    }
  | { readonly type: 'cell-end'; readonly cell: number; readonly seconds: number }
  | { readonly type: 'progress'; readonly progress: PublishedProgress };

/** A first start on a busy machine reads everything from disk. */
const START_TIMEOUT_SECONDS = 60;
const CELL_TIMEOUT_SECONDS = 600;

export interface ExecuteOptions {
  /** Working folder of the kernel: the notebook's own. */
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  readonly parameters?: { readonly [name: string]: ParameterValue };
  /** Most seconds that a cell may go on without progress; default `CELL_TIMEOUT_SECONDS`. */
  readonly cellTimeoutSeconds?: number;
  /** Default `START_TIMEOUT_SECONDS`. */
  readonly startTimeoutSeconds?: number;
  /** Ends the run at once. */
  readonly signal?: AbortSignal;
  /** After it no other cell begins. */
  readonly finish?: AbortSignal;
  /** Cells are counted from 1 among those that run. */
  readonly onEvent?: (event: KernelEvent) => void;
}

export interface Execution {
  /** With outputs, execution counts and times. */
  readonly notebook: Notebook;
  /** The first failure; the cells after it did not run. */
  readonly failure: UserError | null;
  /** How many cells ran, and how many there are to run. */
  readonly ran: number;
  readonly of: number;
  readonly seconds: number;
  /** Most memory that the kernel held, bytes; null where the system does not tell. */
  readonly peakMemory: number | null;
}

/** Runs the code cells in order on a fresh kernel, which text alone does not need. Stops at the first
 *  failing cell, whose error is among the outputs and in `failure`. Throws UserError when the kernel
 *  does not start, or for a parameter that the notebook does not declare. No process and no file of the
 *  kernel is left. */
export async function executeNotebook(
  source: Notebook,
  options: ExecuteOptions,
): Promise<Execution> {
  const started = performance.now();
  const { cwd, env = {}, startTimeoutSeconds = START_TIMEOUT_SECONDS, signal } = options;
  if (source.cells.every(({ cell_type }) => cell_type !== 'code')) {
    const notebook = withParameters(source, options.parameters ?? {});
    return { notebook, failure: null, ran: 0, of: 0, seconds: 0, peakMemory: null };
  }
  const process = launchKernel({ cwd, env });
  try {
    // Read while the kernel starts: the compiler and the sockets take a while to load.
    const notebook = withParameters(source, options.parameters ?? {});
    const onEvent = options.onEvent ?? (() => undefined);
    const jobs = jobsOf(notebook, (progress) => onEvent({ type: 'progress', progress }));
    const kernel = await connectKernel(process, { startTimeoutSeconds, signal });
    let peakMemory: number | null = null;
    const done = await runJobs(kernel, jobs, { ...options, onEvent }).finally(() => {
      peakMemory = process.peakMemory();
      return kernel.close();
    });
    const cells = new Map(jobs.map(({ cell }) => [cell.id, withoutOutputs(cell)]));
    for (const one of done) cells.set(one.job.cell.id, finished(one));
    return {
      notebook: { ...notebook, cells: notebook.cells.map((cell) => cells.get(cell.id) ?? cell) },
      failure: firstFailure(done),
      ran: done.length,
      of: jobs.length,
      peakMemory,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await process.remove();
  }
}

function jobsOf(notebook: Notebook, onProgress: (progress: PublishedProgress) => void): Job[] {
  const displays: Displays = new Map();
  return stepsOf(notebook).map((step) => ({ ...step, collected: collector(displays, onProgress) }));
}

async function runJobs(
  kernel: Kernel,
  jobs: readonly Job[],
  options: ExecuteOptions & Required<Pick<ExecuteOptions, 'onEvent'>>,
): Promise<Done[]> {
  const { onEvent, signal, finish } = options;
  const timeoutSeconds = options.cellTimeoutSeconds ?? CELL_TIMEOUT_SECONDS;
  const done: Done[] = [];
  for (const [index, job] of jobs.entries()) {
    if (finish?.aborted) break;
    const cell = index + 1;
    const label = job.options.label === undefined ? {} : { label: job.options.label };
    onEvent({ type: 'cell-start', cell, of: jobs.length, ...label });
    const begun = new Date();
    const run = await runCell(kernel, job.code, job.collected, { timeoutSeconds, signal });
    const ended = new Date();
    onEvent({ type: 'cell-end', cell, seconds: (ended.getTime() - begun.getTime()) / 1000 });
    done.push({ job, run, begun, ended });
    if (run.over || done.some((one) => failureIn(one) && !one.job.options.raisesException)) break;
  }
  return done;
}
