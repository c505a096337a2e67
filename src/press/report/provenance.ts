/** What ran: recorded once when a notebook is executed, kept in its metadata, printed in the colophon. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ColophonEntry } from '../document/types.js';
import { dependencyFolder } from './dependency-folder.js';

/** Facts of one execution; stands in the executed notebook under `metadata.marginalia.run`. */
export interface Run {
  /** ISO time at which the run began. */
  readonly date: string;
  readonly seconds: number;
  readonly profile: string;
  readonly parameters: { readonly [name: string]: unknown };
  /** Commit of the project, with `, changed` when files differed from it; absent outside git. */
  readonly commit?: string;
  readonly node: string;
  readonly kernel: string;
  /** Most memory that the kernel held, bytes; absent where the system does not tell. */
  readonly peakMemory?: number;
  readonly version: string;
  readonly machine: string;
}

export const runSchema: z.ZodType<Run> = z.object({
  date: z.string(),
  seconds: z.number(),
  profile: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  commit: z.string().exactOptional(),
  node: z.string(),
  kernel: z.string(),
  peakMemory: z.number().exactOptional(),
  version: z.string(),
  machine: z.string(),
});

/** Collects what can be known before the run; `date` and `seconds` come from the run itself. */
export async function describeRun(
  packageFolder: string,
): Promise<Omit<Run, 'date' | 'seconds' | 'profile' | 'parameters' | 'peakMemory'>> {
  const [own, tslab, commit] = await Promise.all([
    packageVersion(join(packageFolder, 'package.json')),
    packageVersion(join(dependencyFolder(packageFolder, 'tslab'), 'package.json')),
    gitCommit(packageFolder),
  ]);
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    ...(commit === null ? {} : { commit }),
    node: process.versions.node,
    kernel: `tslab ${tslab}`,
    version: own,
    machine: `${cpus()[0]?.model.trim() ?? process.arch}, ${availableParallelism()} cores, ${memory} GiB`,
  };
}

async function packageVersion(path: string): Promise<string> {
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
  return (parsed as { version: string }).version;
}

/** Null where git does not keep this package, though it may keep a folder around it. */
async function gitCommit(folder: string): Promise<string | null> {
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['--no-optional-locks', '-C', folder, ...args]);
  try {
    const [{ stdout: commit }, { stdout: changes }] = await Promise.all([
      git('rev-parse', '--short=10', 'HEAD'),
      // What a build writes is no change of the project: `measured.json` is committed.
      git('status', '--porcelain', '--untracked-files=no', '--', ':(exclude)reports'),
      git('ls-files', '--error-unmatch', 'package.json'),
    ]);
    return changes === '' ? commit.trim() : `${commit.trim()}, changed`;
  } catch {
    return null;
  }
}

/** The colophon's lines about the run, in the order a reader asks for them. */
export function colophonOf(run: Run): ColophonEntry[] {
  const parameters = parametersText(run);
  return [
    {
      name: 'Run',
      text: `${run.date.slice(0, 10)}, ${run.seconds.toFixed(0)} s, profile ${run.profile}`,
    },
    ...(parameters === '' ? [] : [{ name: 'Parameters', text: parameters }]),
    {
      name: 'marginalia',
      text: `${run.version}${run.commit === undefined ? '' : ` (commit ${run.commit})`}`,
    },
    { name: 'Kernel', text: `${run.kernel} on Node ${run.node}${memoryOf(run)}` },
    { name: 'Machine', text: run.machine },
  ];
}

/** `epochs = 5, seeds = [1,2]` */
export function parametersText({ parameters }: Pick<Run, 'parameters'>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(', ');
}

/** `, 412 MB of memory at most` */
function memoryOf({ peakMemory }: Run): string {
  if (peakMemory === undefined) return '';
  return `, ${Math.round(peakMemory / 1e6)} MB of memory at most`;
}
