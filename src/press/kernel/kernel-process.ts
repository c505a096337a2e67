/** The kernel's process: started in a private folder, ended with all it started. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { preload } from './preload.js';

interface LaunchOptions {
  /** The kernel's working folder: cells import from here. */
  readonly cwd: string;
  /** Variables over those of this process. */
  readonly env: { readonly [name: string]: string };
}

export interface KernelProcess {
  /** Address of a channel: `shell` or `iopub`. */
  address(channel: keyof typeof CHANNELS): string;
  /** Key of the signatures. */
  readonly key: string;
  /** How the process ended: `exit code 1`, `signal SIGKILL`, or why it did not start. */
  readonly ended: Promise<string>;
  /** The end of what the process itself wrote to stderr; cells do not write there. */
  lastWords(): string;
  /** Most memory that the process has held so far, bytes; null where the system does not tell. */
  peakMemory(): number | null;
  /** SIGINT: stops a loop. */
  interrupt(): void;
  /** Ends the process, and whatever its cells started, at once. */
  kill(): void;
  /** Kills what is left and removes the folder; safe to call twice. */
  remove(): Promise<void>;
}

const CHANNELS = { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 };

/** Starts tslab, and returns at once. */
export function launchKernel({ cwd, env }: LaunchOptions): KernelProcess {
  const key = randomBytes(16).toString('hex');
  const { folder, config } = connection(key);
  const child = spawn(process.execPath, [...flags(), tslab(), 'kernel', config], {
    cwd,
    env: { ...process.env, FORCE_COLOR: '0', TF_CPP_MIN_LOG_LEVEL: '3', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a process group of its own, so that all of it can be ended
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal ? `signal ${signal}` : `exit code ${code}`),
    );
  });
  const kill = (): void => killGroup(child.pid);
  const clear = (): void => {
    kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  return {
    address: (channel) => `ipc://${join(folder, 's')}:${CHANNELS[channel]}`,
    key,
    ended,
    lastWords: () => words.trim(),
    peakMemory: () => peakMemory(child.pid),
    interrupt: () => void child.kill('SIGINT'),
    kill,
    async remove() {
      kill();
      await ended;
      child.stderr?.destroy();
      clear();
      process.removeListener('exit', clear);
    },
  };
}

/** Deep stacks are common in tensor code, and the cell's own line stands at their far end. */
const flags = (): string[] => ['--stack-trace-limit=100', '--import', preload(process.pid)];

const tslab = (): string => createRequire(import.meta.url).resolve('tslab/bin/tslab');

/** Makes the private folder with the connection file, which `config` names for the command line. The
 *  channels are sockets in the folder: no port can clash, and nobody else can connect. */
function connection(key: string): { readonly folder: string; readonly config: string } {
  const prefix = join(tmpdir(), 'marginalia-kernel-');
  if (`${prefix}123456/s`.length > 95) {
    throw new UserError(`expected a short path for temporary files, got ${tmpdir()}`, {
      hint: 'Set TMPDIR to a folder whose path has at most 60 characters.',
    });
  }
  const folder = inTemporaryFolder(() => mkdtempSync(prefix));
  const ports = Object.entries(CHANNELS).map(([channel, port]) => [`${channel}_port`, port]);
  const contents = {
    transport: 'ipc',
    ip: join(folder, 's'),
    ...Object.fromEntries(ports),
    key,
    signature_scheme: 'hmac-sha256',
    kernel_name: 'tslab',
  };
  const path = join(folder, 'connection.json');
  try {
    inTemporaryFolder(() => writeFileSync(path, JSON.stringify(contents), { mode: 0o600 }));
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return { folder, config: `--config-path=${path}` };
}

function inTemporaryFolder<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(`expected to write temporary files in ${tmpdir()}, got ${code}`, {
      hint: 'Free some space there, or set TMPDIR to another folder.',
      cause,
    });
  }
}

/** Linux keeps the high-water mark of every process. */
function peakMemory(pid: number | undefined): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
