import { type ChildProcess, execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A file of the built package as an import names it, in quotes. */
export const built = (name: string): string =>
  JSON.stringify(new URL(`../../dist/${name}`, import.meta.url).href);

export interface Program {
  readonly process: ChildProcess;
  /** What it printed as JSON. */
  readonly result: Promise<unknown>;
}

/** A module as a process of its own: an engine takes its number of threads when it starts. */
export function startProgram(code: string, env: { readonly [name: string]: string }): Program {
  const args = ['--input-type=module', '--eval', code];
  const running = promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return { process: running.child, result: running.then(({ stdout }) => JSON.parse(stdout)) };
}
