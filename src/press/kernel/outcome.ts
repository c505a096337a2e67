/** What a run leaves: cells with outputs, and the first failure with its place. */

import { UserError } from '../../errors.js';
import type { Step } from '../notebook/steps.js';
import type { CodeCell } from '../notebook/types.js';
import type { Collector } from './collector.js';
import { type CellFailure, lateFailure } from './failure.js';
import { locate } from './locate.js';
import type { CellRun } from './run-cell.js';

/** One cell that runs, and what it publishes. */
export interface Job extends Step {
  readonly collected: Collector;
}

/** A job that has run. */
export interface Done {
  readonly job: Job;
  readonly run: CellRun;
  readonly begun: Date;
  readonly ended: Date;
}

/** The failure of a cell; also one that came to light when the cell was over. */
export const failureIn = ({ run, job }: Done): CellFailure | undefined =>
  run.failure ?? lateFailure(job.collected.errorWrites);

/** The failure of the first cell that was not meant to fail, as an error; null without one. */
export function firstFailure(done: readonly Done[]): UserError | null {
  const last = done.at(-1);
  const failed =
    done.find((one) => failureIn(one) && !one.job.options.raisesException) ??
    (last?.run.over ? last : undefined);
  const failure = failed && failureIn(failed);
  return failed && failure ? explain(failure, failed.job) : null;
}

/** What an earlier run gave is not what this one gave. */
export const withoutOutputs = (cell: CodeCell): CodeCell => ({
  ...cell,
  outputs: [],
  execution_count: null,
});

/** The cell with what it gave, and the times of its run as nbclient writes them. */
export function finished(done: Done): CodeCell {
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

const MEND = 'Mend the cell, or tag it `raises-exception` if it is meant to fail.';

/** What to do where not the cell's code has failed, but the run was ended. */
const REMEDIES: { readonly [name: string]: string } = {
  Interrupted: 'Build again to run the cell.',
  Timeout: 'Give it more time with --timeout, or less to do: a smaller profile.',
  KernelEnded: 'Look for process.exit, or for tensors and arrays that fill the memory.',
};

/** The failure as an error with its place. */
function explain(failure: CellFailure, job: Job): UserError {
  const { ename, evalue } = failure.output;
  const { stack, column } = failure;
  const line = failure.line ?? (stack === undefined ? undefined : locate(job.code, stack));
  const name = ename === 'UserError' ? '' : `${ename}: `; // it reads "expected …, got …" already
  return new UserError(name + evalue.replace(/\s*\n\s*/g, ' '), {
    where: {
      ...job.where,
      label: job.options.label ?? job.cell.id,
      ...(line === undefined ? {} : { line: line + job.startLine - 1 }),
      ...(column === undefined ? {} : { column }),
    },
    hint: failure.hint ?? REMEDIES[ename] ?? MEND,
  });
}
