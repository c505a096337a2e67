/** `measured.json`: what the notebooks of a book measured when they last ran whole in profile `full`.
 *  It is committed, so that a report of a smaller run can show these values beside its own. */

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import type { FullValues } from '../document/types.js';
import { parseJson } from '../notebook/json-text.js';
import type { BuildEffects } from './effects.js';
import { fingerprint, sortKeys } from './fingerprint.js';
import type { Run } from './provenance.js';
import { onShelf, write } from './shelf-writing.js';

/** One run in profile `full`, as the file keeps it. */
export interface MeasuredRun
  extends Pick<Run, 'date' | 'seconds' | 'commit' | 'version' | 'node' | 'machine' | 'parameters'> {
  /** Hash of the notebook's code, without the injected parameters. */
  readonly code: string;
  readonly values: FullValues;
}

type Measured = { readonly [slug: string]: MeasuredRun };

const count = z.int().nonnegative();
const measuredValue = z.strictObject({
  value: z.number(),
  unit: z.string().exactOptional(),
  interval: z.tuple([z.number(), z.number()]).exactOptional(),
  n: count.exactOptional(),
  seeds: count.exactOptional(),
});

const measuredRun: z.ZodType<MeasuredRun> = z.strictObject({
  date: z.iso.datetime(),
  seconds: z.number(),
  commit: z.string().exactOptional(),
  version: z.string(),
  node: z.string(),
  machine: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  code: z.string(),
  values: z.record(z.string(), measuredValue),
});

const measuredFile = z.strictObject({
  version: z.literal(1),
  notebooks: z.record(z.string(), measuredRun),
});

/** The entry of one notebook; null without a file, or without an entry in it. Throws UserError, with
 *  the place, when the file cannot be read or does not have the expected shape. */
export async function readMeasured(path: string | null, slug: string): Promise<MeasuredRun | null> {
  return path === null ? null : ((await readFileOf(path))[slug] ?? null);
}

/** Replaces the entry of one notebook and leaves the others as they are. Throws UserError when the
 *  file is broken: it is never overwritten then. */
export async function keepMeasured(
  path: string,
  slug: string,
  run: MeasuredRun,
  lock: BuildEffects['lock'],
): Promise<void> {
  await onShelf(dirname(path), lock, async () => {
    const notebooks = await readFileOf(path);
    if (isNewer(notebooks[slug], run)) return;
    const next = { version: 1, notebooks: { ...notebooks, [slug]: run } };
    await write(path, `${JSON.stringify(next, sortKeys, 2)}\n`);
  });
}

/** A run that comes out of the cache may be older than one of the same code that the file has. */
function isNewer(standing: MeasuredRun | undefined, { date, code, parameters }: MeasuredRun) {
  return (
    standing !== undefined &&
    standing.date > date &&
    fingerprint([standing.code, standing.parameters]) === fingerprint([code, parameters])
  );
}

async function readFileOf(path: string): Promise<Measured> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new UserError(`expected a file that can be read, got ${cause.code}`, {
      where: { file: path },
      hint: 'Check the key “measured” of book.yml and the rights of the file.',
      cause,
    });
  });
  if (text === null) return {};
  const result = measuredFile.safeParse(parseJson(text, path));
  if (result.success) return result.data.notebooks;
  const [issue] = result.error.issues;
  throw new UserError(`expected a valid “${issue?.path.join('.')}”, got: ${issue?.message}`, {
    where: { file: path },
    hint: 'Restore it from version control, or delete it and run the notebooks with --profile full.',
  });
}
