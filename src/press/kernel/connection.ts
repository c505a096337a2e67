/** The kernel's process and its two sockets: start, ask, interrupt, end, leave nothing behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer, Subscriber } from 'zeromq';
import { UserError } from '../../errors.js';
import { decode, encode, type Message } from './wire.js';

export interface KernelOptions {
  /** The kernel's working folder: cells import from here. */
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  readonly startTimeoutSeconds: number;
}

/** How the process ended: `exit code 1`, `signal SIGKILL`. */
export type Ending = string;

export interface Kernel {
  /** Sends a request; resolves to the reply on the shell channel. Everything the request publishes
   *  before the kernel is idle again goes to `onPublished`. Rejects with `KernelEnded`. */
  request(
    type: string,
    content: Message['content'],
    onPublished?: (message: Message) => void,
  ): Promise<Message>;
  /** SIGINT: stops a loop. */
  interrupt(): void;
  /** SIGKILL. */
  kill(): void;
  /** Ends the process and removes its files; safe to call twice. */
  close(): Promise<void>;
}

/** The process ended while a request was open. */
export class KernelEnded extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(`the kernel ended with ${ending}`);
    this.name = 'KernelEnded';
    this.ending = ending;
  }
}

const SHUTDOWN_MS = 1500;

/** Starts tslab and waits until it answers. Throws UserError when it does not within the limit. */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-kernel-'));
  const key = randomBytes(16).toString('hex');
  const sockets = join(folder, 's');
  const connection = {
    transport: 'ipc', // files in a private folder: no port can clash, nobody else can connect
    ip: sockets,
    ...{ shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 },
    ...{ key, signature_scheme: 'hmac-sha256', kernel_name: 'tslab' },
  };
  const file = join(folder, 'connection.json');
  await writeFile(file, JSON.stringify(connection), { mode: 0o600 });
  const child = launch(file, options);
  const kernel = converse(child, sockets, key, folder);
  try {
    await untilReady(kernel, child, options.startTimeoutSeconds);
    return kernel;
  } catch (error) {
    kernel.kill();
    await kernel.close();
    throw error;
  }
}

interface Launched {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
  /** The last words on the process's own stderr; never part of a report. */
  readonly lastWords: () => string;
}

function launch(connectionFile: string, { cwd, env }: KernelOptions): Launched {
  const tslab = createRequire(import.meta.url).resolve('tslab/bin/tslab');
  const child = spawn(process.execPath, [tslab, 'kernel', `--config-path=${connectionFile}`], {
    cwd,
    env: { ...process.env, ...env, TF_CPP_MIN_LOG_LEVEL: '3' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2000);
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal ? `signal ${signal}` : `exit code ${code}`),
    );
  });
  return { process: child, ended, lastWords: () => words.trim() };
}

interface OpenRequest {
  readonly resolve: (reply: Message) => void;
  readonly onPublished: (message: Message) => void;
  reply?: Message;
  idle?: boolean;
}

/** Ties sockets and process together. */
function converse(child: Launched, sockets: string, key: string, folder: string): Kernel {
  const quick = { linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 };
  const shell = new Dealer(quick);
  const published = new Subscriber(quick);
  published.subscribe();
  shell.connect(`ipc://${sockets}:1`);
  published.connect(`ipc://${sockets}:2`);
  const session = randomUUID();
  const open = new Map<string, OpenRequest>();

  const settle = (id: string, request: OpenRequest): void => {
    if (request.reply === undefined || !request.idle) return;
    open.delete(id);
    request.resolve(request.reply);
  };
  const onShell = (message: Message): void => {
    const request = open.get(message.parent);
    if (request === undefined) return;
    request.reply = message;
    settle(message.parent, request);
  };
  const onPublish = (message: Message): void => {
    const request = open.get(message.parent);
    if (request === undefined) return;
    request.onPublished(message);
    if (message.type !== 'status' || message.content.execution_state !== 'idle') return;
    request.idle = true;
    settle(message.parent, request);
  };
  void listen(shell, key, onShell);
  void listen(published, key, onPublish);

  let closing: Promise<void> | undefined;
  const kernel: Kernel = {
    request: (type, content, onPublished = () => undefined) => {
      const { id, frames } = encode(key, session, type, content);
      const reply = new Promise<Message>((resolve) => open.set(id, { resolve, onPublished }));
      const gone = child.ended.then((ending) => Promise.reject(new KernelEnded(ending)));
      void shell.send([...frames]).catch(() => undefined); // a closed socket: `gone` answers
      return Promise.race([reply, gone]);
    },
    interrupt: () => void child.process.kill('SIGINT'),
    kill: () => void child.process.kill('SIGKILL'),
    close: () => {
      closing ??= end(kernel, child).finally(async () => {
        shell.close();
        published.close();
        await rm(folder, { recursive: true, force: true });
      });
      return closing;
    },
  };
  return kernel;
}

async function listen(
  socket: Dealer | Subscriber,
  key: string,
  onMessage: (message: Message) => void,
): Promise<void> {
  try {
    for await (const frames of socket) onMessage(decode(key, frames));
  } catch {
    // The socket was closed.
  }
}

/** Asks again until both channels answer: what is published before the subscription stands is lost. */
async function untilReady(kernel: Kernel, child: Launched, limitSeconds: number): Promise<void> {
  const late = after(limitSeconds * 1000).then((): never => {
    throw new UserError(`expected the kernel to start within ${limitSeconds} s, got no answer`, {
      hint: 'Run `npx marginalia doctor`; on a slow machine start again.',
    });
  });
  const ready = async (): Promise<void> => {
    const ask = (): Promise<'ready'> =>
      kernel.request('kernel_info_request', {}).then(() => 'ready');
    while ((await Promise.race([ask(), after(200).then(() => 'silent')])) !== 'ready');
  };
  try {
    await Promise.race([ready(), late]);
  } catch (error) {
    if (!(error instanceof KernelEnded)) throw error;
    throw new UserError(`expected the kernel to start, got ${error.ending}: ${child.lastWords()}`, {
      hint: 'Run `npx marginalia doctor`.',
    });
  }
}

async function end(kernel: Kernel, child: Launched): Promise<void> {
  const asked = kernel.request('shutdown_request', { restart: false }).catch(() => undefined);
  await Promise.race([asked.then(() => child.ended), child.ended, after(SHUTDOWN_MS)]);
  kernel.kill();
  await child.ended;
}

/** Resolves after some time, without keeping the process alive. */
function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
