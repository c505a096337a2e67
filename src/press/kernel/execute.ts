/** A notebook from first to last cell. */

import { UserError } from '../../errors.js';
import type { PublishedProgress } from '../../mime.js';
import { cellOptions } from '../notebook/cell-options.js';
import type { CellOptions, CodeCell, Notebook } from '../notebook/types.js';
import { type Collector, collector, type Displays } from './collector.js';
import { connectKernel, type Kernel } from './connection.js';
import { type CellFailure, lateFailure } from './failure.js';
import { launchKernel } from './kernel-process.js';
import { locate } from './locate.js';
import { type ParameterValue, withParameters } from './parameters.js';
import { type CellRun, runCell } from './run-cell.js';

export type KernelEvent =
  | {
      readonly type: 'cell-start';
      readonly cell: number;
      readonly of: number;
      readonly label?: string;
    }
  | { readonly type: 'cell-end'; readonly cell: number; readonly seconds: number }
  | { readonly type: 'progress'; readonly progress: PublishedProgress };

export interface ExecuteOptions {
  /** Working folder of the kernel: the notebook's own. */
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  readonly parameters?: { readonly [name: string]: ParameterValue };
  /** Wall-clock limit of one cell; default 600. */
  readonly cellTimeoutSeconds?: number;
  /** Default 60: a first start on a busy machine reads everything from disk. */
  readonly startTimeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** Cells are counted from 1 among those that run. */
  readonly onEvent?: (event: KernelEvent) => void;
}

export interface Execution {
  /** With outputs, execution counts and times. */
  readonly notebook: Notebook;
  /** The first failure; the cells after it did not run. */
  readonly failure: UserError | null;
  readonly seconds: number;
}

/** One cell that runs, and where it stands. */
interface Job {
  readonly cell: CodeCell;
  /** Position in the notebook that the author wrote, from 1: an injected cell counts as the one
   *  before it. */
  readonly position: number;
  readonly options: CellOptions;
  readonly code: string;
  /** Line of the cell at which the code begins, from 1. */
  readonly startLine: number;
  readonly collected: Collector;
}

/** A job that has run. */
interface Done {
  readonly job: Job;
  readonly run: CellRun;
  readonly begun: Date;
  readonly ended: Date;
}

/** Runs the code cells in order on a fresh kernel. Stops at the first failing cell, whose error is
 *  among the outputs and in `failure`. Throws UserError when the kernel does not start, or for a
 *  parameter that the notebook does not declare. No process and no file of the kernel is left. */
export async function executeNotebook(
  source: Notebook,
  options: ExecuteOptions,
): Promise<Execution> {
  const started = performance.now();
  const { cwd, env = {}, startTimeoutSeconds = 30, signal } = options;
  const process = launchKernel({ cwd, env });
  try {
    // Read while the kernel starts: the compiler and the sockets take a while to load.
    const notebook = withParameters(source, options.parameters ?? {});
    const onEvent = options.onEvent ?? (() => undefined);
    const jobs = jobsOf(notebook, (progress) => onEvent({ type: 'progress', progress }));
    const kernel = await connectKernel(process, { startTimeoutSeconds, signal });
    const done = await runJobs(kernel, jobs, { ...options, onEvent }).finally(kernel.close);
    const cells = new Map(jobs.map(({ cell }) => [cell.id, withoutOutputs(cell)]));
    for (const one of done) cells.set(one.job.cell.id, finished(one));
    return {
      notebook: { ...notebook, cells: notebook.cells.map((cell) => cells.get(cell.id) ?? cell) },
      failure: firstFailure(done, notebook.path),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await process.remove();
  }
}

function jobsOf(notebook: Notebook, onProgress: (progress: PublishedProgress) => void): Job[] {
  const displays: Displays = new Map();
  let position = 0;
  return notebook.cells.flatMap((cell): Job[] => {
    if (!cell.metadata.tags?.includes('injected-parameters')) position += 1;
    if (cell.cell_type !== 'code') return [];
    const { options, code, codeStartLine } = cellOptions(cell, { file: notebook.path });
    if (options.skipExecution || code.trim() === '') return [];
    const collected = collector(displays, onProgress);
    return [{ cell, position, options, code, startLine: codeStartLine, collected }];
  });
}

async function runJobs(
  kernel: Kernel,
  jobs: readonly Job[],
  options: ExecuteOptions & Required<Pick<ExecuteOptions, 'onEvent'>>,
): Promise<Done[]> {
  const { onEvent, cellTimeoutSeconds: timeoutSeconds = 600, signal } = options;
  const done: Done[] = [];
  for (const [index, job] of jobs.entries()) {
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

/** The failure of a cell; also one that came to light when the cell was over. */
const failureIn = ({ run, job }: Done): CellFailure | undefined =>
  run.failure ?? lateFailure(job.collected.errorWrites);

function firstFailure(done: readonly Done[], file: string): UserError | null {
  const last = done.at(-1);
  const failed =
    done.find((one) => failureIn(one) && !one.job.options.raisesException) ??
    (last?.run.over ? last : undefined);
  const failure = failed && failureIn(failed);
  return failed && failure ? explain(failure, failed.job, file) : null;
}

/** What an earlier run gave is not what this one gave. */
const withoutOutputs = (cell: CodeCell): CodeCell => ({
  ...cell,
  outputs: [],
  execution_count: null,
});

/** The cell with what it gave, and the times of its run as nbclient writes them. */
function finished(done: Done): CodeCell {
  const { job, run, begun, ended } = done;
  const failure = failureIn(done);
  const outputs = job.collected.outputs(failure?.writes);
  const execution = {
    'iopub.execute_input': begun.toISOString(),
    'iopub.status.busy': begun.toISOString(),
    'iopub.status.idle': ended.toISOString(),
    'shell.execute_reply': ended.toISOString(),
  };
  return {
    ...job.cell,
    metadata: { ...job.cell.metadata, execution },
    outputs: failure === undefined ? outputs : [...outputs, failure.output],
    execution_count: run.executionCount,
  };
}

/** The failure as an error with its place. */
function explain(failure: CellFailure, job: Job, file: string): UserError {
  const { ename, evalue } = failure.output;
  const found = failure.stack === undefined ? undefined : locate(job.code, failure.stack);
  const line = failure.line ?? found?.line;
  const column = failure.column ?? found?.column;
  return new UserError(`${ename}: ${evalue}`, {
    where: {
      file,
      cell: job.position,
      label: job.options.label ?? job.cell.id,
      ...(line === undefined ? {} : { line: line + job.startLine - 1 }),
      ...(column === undefined ? {} : { column }),
    },
    hint: failure.hint ?? 'Mend the cell, or tag it `raises-exception` if it is meant to fail.',
  });
}
