/** Work in a process of its own. The native engine blocks the thread that calls it, and small batches
 *  keep little more than one core busy. */

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.js';
import { currentEngine } from './engine.js';
import { type Bundle, passOn, progress } from './publish.js';

/** All that `marginalia` exports. */
export type Lab = typeof import('../attacks/index.js') & typeof import('./index.js');

/** What the process is told to do. */
export interface Order {
  /** The source text of a function of the lab and its arguments. */
  readonly work: string;
  readonly given: unknown;
}

/** What it tells. */
export type News =
  | { readonly kind: 'progress'; readonly text: string; readonly share: number }
  | { readonly kind: 'published'; readonly bundle: Bundle }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly message: string };

export interface ProcessOptions {
  /** Threads of its engine. */
  readonly threads: number;
  /** What long work there tells of itself; default the progress of the running cell. */
  readonly onProgress?: (text: string, share: number) => void;
  /** Ends the process. */
  readonly signal?: AbortSignal;
}

const WORKER = fileURLToPath(new URL('./apart-process.js', import.meta.url));

/** What `work` gives, computed in a process of its own, while this one goes on. `work` travels as text:
 *  it sees `lab` (all that `marginalia` exports, the engine running) and what it is given, and nothing
 *  else. Both what it is given and what it returns are copied: plain values and typed arrays, no tensors
 *  or models. What it trains is kept in the cache, where this process finds it, and stands in the
 *  colophon. The process ends with this one.
 *  Throws UserError when it throws, or is ended. */
export function apart<Given, Result>(
  work: (lab: Lab, given: Given) => Result | Promise<Result>,
  given: Given,
): Promise<Result> {
  const { threads } = currentEngine(); // else models would be kept under other keys than here
  const result = inProcess<Result>({ work: String(work), given }, { threads });
  const told = result.catch((cause: Error) => {
    throw new UserError(`expected the work apart to finish, got: ${cause.message}`, {
      hint: 'It sees only the lab and what it is given, no other names of the notebook.',
      cause,
    });
  });
  told.catch(() => {}); // who waits for it later hears of it then
  return told;
}

/** The same with plain errors that say only the reason. */
export function inProcess<Result>(
  order: Order,
  { threads, signal, onProgress = showProgress }: ProcessOptions,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(WORKER, {
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: `${threads}` },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(signal && { signal, killSignal: 'SIGKILL' as const }),
    });
    let failure: string | undefined;
    child.on('message', (news: News) => {
      if (news.kind === 'progress') onProgress(news.text, news.share);
      else if (news.kind === 'published') passOn(news.bundle);
      else if (news.kind === 'failed') failure = news.message;
      else resolve(news.result as Result);
    });
    child.on('error', (error) => {
      failure ??= error.message;
    });
    child.on('exit', (code, ending) => {
      reject(
        new Error(failure ?? (ending === null ? `exit code ${code}` : `its end by ${ending}`)),
      );
    });
    child.send(order);
  });
}

function showProgress(text: string, share: number): void {
  progress(text, Math.floor(100 * share), 100);
}
