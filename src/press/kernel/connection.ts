/** Talks with a kernel over its two sockets: requests and replies on `shell`, all that cells publish
 *  on `iopub`. */

import { randomUUID } from 'node:crypto';
import type { Dealer, Subscriber } from 'zeromq';
import { UserError } from '../../errors.js';
import type { KernelProcess } from './kernel-process.js';
import { decode, encode, type Message } from './wire.js';

export interface Kernel {
  /** Sends a request; resolves to the reply once the kernel is idle again. What the request
   *  publishes goes to `onPublished`, also what it publishes later. Rejects with `KernelEnded`. */
  request(
    type: string,
    content: Message['content'],
    onPublished?: (message: Message) => void,
  ): Promise<Message>;
  readonly process: KernelProcess;
  /** Asks the kernel to end, and ends it if it does not; leaves no process and no file. */
  close(): Promise<void>;
}

/** The process ended while a request was open. */
export class KernelEnded extends Error {
  readonly ending: string;

  constructor(ending: string) {
    super(`the kernel ended with ${ending}`);
    this.name = 'KernelEnded';
    this.ending = ending;
  }
}

/** Time for the process to end by itself; one with open timers never does. */
const SHUTDOWN_MS = 300;
/** A flood of outputs can drown the message that the kernel is idle. */
const IDLE_MS = 2000;
/** What is published before the subscription stands is lost: then the kernel is asked again. */
const READY_MS = 100;
/** By how much each wait is longer than the last: about 70 questions in a minute. */
const LONGER = 1.05;

interface ConnectOptions {
  readonly startTimeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** Connects, and waits until both sockets answer. Throws UserError when that takes too long, when
 *  the process ends, or on `signal`. The process is the caller's to remove. */
export async function connectKernel(
  process: KernelProcess,
  { startTimeoutSeconds, signal }: ConnectOptions,
): Promise<Kernel> {
  const { Dealer, Subscriber } = await import('zeromq');
  const quick = { linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 };
  const shell = new Dealer(quick);
  const iopub = new Subscriber(quick);
  iopub.subscribe();
  shell.connect(process.address('shell'));
  iopub.connect(process.address('iopub'));
  const kernel = converse(process, shell, iopub);
  const limit = AbortSignal.timeout(startTimeoutSeconds * 1000);
  const stop = AbortSignal.any(signal === undefined ? [limit] : [limit, signal]);
  try {
    await untilReady(kernel, stop);
    return kernel;
  } catch (error) {
    await kernel.close();
    if (limit.aborted) throw tooSlow(startTimeoutSeconds);
    if (error instanceof KernelEnded) throw didNotStart(error, process.lastWords());
    throw error;
  }
}

async function untilReady(kernel: Kernel, stop: AbortSignal): Promise<void> {
  const stopped = new Promise<never>((_, reject) => {
    const refuse = (): void => reject(new UserError('the run was interrupted'));
    if (stop.aborted) refuse();
    else stop.addEventListener('abort', refuse, { once: true });
  });
  // An answer may come to any of the questions: on a busy machine none does within its time.
  let hear = (): void => undefined;
  const heard = new Promise<true>((resolve) => {
    hear = () => resolve(true);
  });
  const ask = (): Promise<true> =>
    kernel.request('kernel_info_request', {}, hear).then(() => heard);
  for (let wait = READY_MS; ; wait *= LONGER) {
    if (await Promise.race([heard, ask(), stopped, after(wait).then(() => false)])) return;
  }
}

function tooSlow(seconds: number): UserError {
  return new UserError(`expected the kernel to start within ${seconds} s, got no answer`, {
    hint: 'Run `npx marginalia doctor`; on a slow machine start again.',
  });
}

function didNotStart({ ending }: KernelEnded, lastWords: string): UserError {
  return new UserError(`expected the kernel to start, got ${ending} ${lastWords}`.trimEnd(), {
    hint: 'Run `npx marginalia doctor`.',
  });
}

interface OpenRequest {
  readonly resolve: (reply: Message) => void;
  reply?: Message;
  idle?: boolean;
}

/** Matches what comes in with the requests that it answers. */
function converse(process: KernelProcess, shell: Dealer, iopub: Subscriber): Kernel {
  const session = randomUUID();
  const open = new Map<string, OpenRequest>();
  const listeners = new Map<string, (message: Message) => void>();
  const gone = process.ended.then((ending) => Promise.reject(new KernelEnded(ending)));
  gone.catch(() => undefined); // it is news only to those who wait for a reply
  const settle = (id: string, news: Partial<OpenRequest>): void => {
    const request = open.get(id);
    if (request === undefined) return;
    Object.assign(request, news);
    const { reply, idle } = request;
    if (reply === undefined) return;
    if (idle !== true) {
      void after(IDLE_MS).then(() => settle(id, { idle: true }));
      return;
    }
    open.delete(id);
    request.resolve(reply);
  };
  void listen(shell, process.key, (reply) => settle(reply.parent, { reply }));
  void listen(iopub, process.key, (message) => {
    listeners.get(message.parent)?.(message);
    const { type, content, parent } = message;
    if (type === 'status' && content.execution_state === 'idle') settle(parent, { idle: true });
  });
  const request: Kernel['request'] = (type, content, onPublished) => {
    const { id, frames } = encode(process.key, session, type, content);
    const reply = new Promise<Message>((resolve) => open.set(id, { resolve }));
    if (onPublished !== undefined) listeners.set(id, onPublished);
    shell.send([...frames]).catch(() => undefined); // of an ended process `gone` tells
    return Promise.race([reply, gone]);
  };
  return {
    request,
    process,
    async close() {
      request('shutdown_request', { restart: false }).catch(() => undefined);
      await Promise.race([process.ended, after(SHUTDOWN_MS)]);
      shell.close();
      iopub.close();
      await process.remove();
    },
  };
}

/** Hands on every message that is whole and signed, until the socket is closed. */
async function listen(
  socket: Dealer | Subscriber,
  key: string,
  onMessage: (message: Message) => void,
): Promise<void> {
  for await (const frames of socket) {
    const message = decode(key, frames);
    if (message !== null) onMessage(message);
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
