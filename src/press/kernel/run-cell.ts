/** One cell, from code to outputs. */

import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Collector } from './collector.js';
import { type Kernel, KernelEnded } from './connection.js';
import { type CellFailure, failure, failureOf, lateFailure } from './failure.js';
import type { Message } from './wire.js';

export interface CellRun {
  readonly executionCount: number | null;
  /** Absent when the cell went well. */
  readonly failure?: CellFailure;
  /** The run is over: the time limit, an interruption, or the end of the kernel. */
  readonly over: boolean;
}

interface RunCellOptions {
  /** Most seconds without an end and without progress. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** Time that an interrupted cell gets before the kernel is killed. */
const GRACE_MS = 1000;
/** tslab drops what it is sent for 200 ms after a failing cell, and says so. */
const RETRY_MS = 50;
/** Messages of an ended kernel that are still on their way. */
const LAST_MESSAGES_MS = 50;

/** Runs one cell; what it publishes goes to `collected`. Never rejects: whatever goes wrong is in
 *  the result. */
export async function runCell(
  kernel: Kernel,
  code: string,
  collected: Collector,
  options: RunCellOptions,
): Promise<CellRun> {
  const stop = stopper(kernel, collected, options);
  try {
    const { status, execution_count: count } = (await ask(kernel, code, collected)).content;
    // A rejection that nobody caught is logged after the reply: one more exchange lets it arrive.
    await kernel.request('kernel_info_request', {});
    const executionCount = typeof count === 'number' ? count : null;
    const told =
      status === 'ok' ? lateFailure(collected.errorWrites) : failureOf(collected.errorWrites);
    const reason = stop.reason();
    if (reason !== undefined) {
      return { executionCount, failure: { ...reason, writes: told?.writes ?? [] }, over: true };
    }
    return { executionCount, ...(told === undefined ? {} : { failure: told }), over: false };
  } catch (error) {
    if (!(error instanceof KernelEnded)) throw error;
    await delay(LAST_MESSAGES_MS);
    const reason = stop.reason() ?? ended(error, kernel.process.lastWords());
    return { executionCount: null, failure: reason, over: true };
  } finally {
    stop.clear();
  }
}

async function ask(kernel: Kernel, code: string, collected: Collector): Promise<Message> {
  const content = {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  };
  for (;;) {
    const reply = await kernel.request('execute_request', content, collected.add);
    if (reply.content.status !== 'abort') return reply;
    await delay(RETRY_MS);
  }
}

function ended({ ending }: KernelEnded, lastWords: string): CellFailure {
  const fatal = lastWords.match(/^FATAL ERROR: (.*)$/m)?.[1];
  const why = fatal === undefined ? '' : `: ${fatal}`;
  const details = lastWords === '' ? [] : lastWords.split('\n');
  return failure('KernelEnded', `the kernel ended with ${ending}${why}`, details);
}

/** Ends a cell that neither ends nor reports progress for too long, first with SIGINT, then with
 *  SIGKILL; at once on the signal. */
function stopper(
  kernel: Kernel,
  { lastProgress }: Pick<Collector, 'lastProgress'>,
  { timeoutSeconds, signal }: RunCellOptions,
) {
  let reason: CellFailure | undefined;
  const started = performance.now();
  const timer = { current: setTimeout(check, timeoutSeconds * 1000) };
  function check(): void {
    const left = timeoutSeconds * 1000 - (performance.now() - Math.max(started, lastProgress()));
    if (left > 0) {
      timer.current = setTimeout(check, left);
      return;
    }
    const limit = `expected the cell to end within ${timeoutSeconds} s, or to report progress, got neither`;
    reason ??= failure('Timeout', limit);
    kernel.process.interrupt();
    timer.current = setTimeout(kernel.process.kill, GRACE_MS);
  }
  const onAbort = (): void => {
    reason ??= failure('Interrupted', 'the run was interrupted');
    kernel.process.kill();
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    reason: () => reason,
    clear: () => {
      clearTimeout(timer.current);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
