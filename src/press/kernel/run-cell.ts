/** One cell, from code to outputs. */

import type { PublishedProgress } from '../../mime.js';
import type { ErrorOutput, Output } from '../notebook/types.js';
import { collector } from './collector.js';
import { type Kernel, KernelEnded } from './connection.js';
import { type CellFailure, failureOf, lateFailure } from './failure.js';

export interface CellRun {
  readonly outputs: readonly Output[];
  readonly executionCount: number | null;
  /** Absent when the cell went well. */
  readonly failure?: CellFailure;
  /** The kernel is gone: no further cell can run. */
  readonly ended: boolean;
}

export interface RunCellOptions {
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (progress: PublishedProgress) => void;
}

/** Time that an interrupted cell gets before the kernel is killed. */
const GRACE_MS = 2000;

/** Runs one cell. Never rejects: whatever goes wrong is in the result. */
export async function runCell(
  kernel: Kernel,
  code: string,
  { timeoutSeconds, signal, onProgress }: RunCellOptions,
): Promise<CellRun> {
  const collected = collector(onProgress);
  const stop = stopper(kernel, timeoutSeconds, signal);
  try {
    const content = { code, silent: false, store_history: true, stop_on_error: true };
    const reply = await kernel.request('execute_request', content, collected.add);
    // A rejection that nobody caught is logged after the reply: one more exchange lets it arrive.
    const late = collector(onProgress);
    await kernel.request('kernel_info_request', {}, late.add);
    const { status, execution_count: count } = reply.content;
    const failure =
      stop.reason() ??
      (status === 'ok' ? lateFailure(collected.errorWrites) : failureOf(collected.errorWrites));
    const executionCount = typeof count === 'number' ? count : null;
    if (failure === undefined)
      return { outputs: collected.outputs(), executionCount, ended: false };
    const outputs = [...collected.outputs(failure.writes), failure.output];
    return { outputs, executionCount, failure, ended: false };
  } catch (error) {
    if (!(error instanceof KernelEnded)) throw error;
    const failure =
      stop.reason() ?? stopped('KernelEnded', `the kernel ended with ${error.ending}`);
    const outputs = [...collected.outputs(), failure.output];
    return { outputs, executionCount: null, failure, ended: true };
  } finally {
    stop.clear();
  }
}

/** Ends a cell that runs too long, or that the user interrupts: first SIGINT, then SIGKILL. */
function stopper(kernel: Kernel, timeoutSeconds: number, signal: AbortSignal | undefined) {
  let reason: CellFailure | undefined;
  const timers: NodeJS.Timeout[] = [];
  const stop = (why: CellFailure): void => {
    reason ??= why;
    kernel.interrupt();
    timers.push(setTimeout(() => kernel.kill(), GRACE_MS));
  };
  const limit = `expected the cell to end within ${timeoutSeconds} s, got no end`;
  const onAbort = (): void => stop(stopped('Interrupted', 'the run was interrupted'));
  timers.push(setTimeout(() => stop(stopped('Timeout', limit)), timeoutSeconds * 1000));
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    reason: () => reason,
    clear: () => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function stopped(ename: string, evalue: string): CellFailure {
  const output: ErrorOutput = { output_type: 'error', ename, evalue, traceback: [evalue] };
  return { output, writes: 0 };
}
