/** A notebook from first to last cell. */

import { UserError } from '../../errors.js';
import type { PublishedProgress } from '../../mime.js';
import { cellOptions } from '../notebook/cell-options.js';
import type { CellOptions, CodeCell, Notebook } from '../notebook/types.js';
import { type Kernel, startKernel } from './connection.js';
import type { CellFailure } from './failure.js';
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
  /** Default 30. */
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
  /** Position in the notebook, from 1. */
  readonly position: number;
  readonly options: CellOptions;
  readonly code: string;
  /** Line of the cell at which the code begins, from 1. */
  readonly startLine: number;
}

/** tslab drops what it is sent for 200 ms after a failing cell. */
const RESET_MS = 230;

/** Runs the code cells in order on a fresh kernel. Stops at the first failing cell, whose error is
 *  among the outputs and in `failure`. Throws UserError when the kernel does not start, or for a
 *  parameter that the notebook does not declare. */
export async function executeNotebook(
  source: Notebook,
  options: ExecuteOptions,
): Promise<Execution> {
  const started = performance.now();
  const notebook = withParameters(source, options.parameters ?? {});
  const jobs = jobsOf(notebook);
  const kernel = await startKernel({
    cwd: options.cwd,
    env: options.env ?? {},
    startTimeoutSeconds: options.startTimeoutSeconds ?? 30,
  });
  try {
    const { done, failure } = await runJobs(kernel, jobs, notebook, options);
    const cells = notebook.cells.map((cell) => done.get(cell.id) ?? cell);
    const seconds = (performance.now() - started) / 1000;
    return { notebook: { ...notebook, cells }, failure, seconds };
  } finally {
    await kernel.close();
  }
}

function jobsOf(notebook: Notebook): Job[] {
  return notebook.cells.flatMap((cell, index): Job[] => {
    if (cell.cell_type !== 'code') return [];
    const position = index + 1;
    const { options, code, codeStartLine } = cellOptions(cell, {
      file: notebook.path,
      cell: position,
    });
    if (options.skipExecution || code.trim() === '') return [];
    return [{ cell, position, options, code, startLine: codeStartLine }];
  });
}

async function runJobs(
  kernel: Kernel,
  jobs: readonly Job[],
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<{ done: Map<string, CodeCell>; failure: UserError | null }> {
  const { onEvent = () => undefined, cellTimeoutSeconds = 600, signal } = options;
  const done = new Map<string, CodeCell>();
  for (const [index, job] of jobs.entries()) {
    const { label } = job.options;
    onEvent({
      type: 'cell-start',
      cell: index + 1,
      of: jobs.length,
      ...(label === undefined ? {} : { label }),
    });
    const begun = new Date();
    const run = await runCell(kernel, job.code, {
      timeoutSeconds: cellTimeoutSeconds,
      signal,
      onProgress: (progress) => onEvent({ type: 'progress', progress }),
    });
    const ended = new Date();
    onEvent({
      type: 'cell-end',
      cell: index + 1,
      seconds: (ended.getTime() - begun.getTime()) / 1000,
    });
    done.set(job.cell.id, finished(job.cell, run, begun, ended));
    if (run.failure === undefined) continue;
    if (run.ended || !job.options.raisesException) {
      const ran = jobs.slice(0, index + 1);
      return { done, failure: explain(run.failure, ran, notebook, options.cwd) };
    }
    await new Promise((resolve) => setTimeout(resolve, RESET_MS));
  }
  return { done, failure: null };
}

/** The cell with what it gave, and the times of its run as nbclient writes them. */
function finished(cell: CodeCell, run: CellRun, begun: Date, ended: Date): CodeCell {
  const execution = {
    'iopub.execute_input': begun.toISOString(),
    'iopub.status.idle': ended.toISOString(),
    'shell.execute_reply': ended.toISOString(),
  };
  return {
    ...cell,
    metadata: { ...cell.metadata, execution },
    outputs: run.outputs,
    execution_count: run.executionCount,
  };
}

/** The failure as an error with its place; `ran` are the cells up to the failing one. */
function explain(
  failure: CellFailure,
  ran: readonly Job[],
  notebook: Notebook,
  cwd: string,
): UserError {
  const job = ran.at(-1) as Job;
  const { emitted, column } = failure;
  const codes = ran.map(({ code }) => code);
  const line =
    failure.line ?? (emitted === undefined ? undefined : locate(codes, cwd, emitted.line));
  const { ename, evalue } = failure.output;
  return new UserError(`${ename}: ${evalue}`, {
    where: {
      file: notebook.path,
      cell: job.position,
      ...(job.options.label === undefined ? {} : { label: job.options.label }),
      ...(line === undefined ? {} : { line: line + job.startLine - 1 }),
      ...(column === undefined ? {} : { column }),
    },
    hint: failure.hint ?? 'Mend the cell, or tag it `raises-exception` if it is meant to fail.',
  });
}
