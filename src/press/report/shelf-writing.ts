/** How files come onto the shelf: under its lock, whole, and those of one report together. */

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { PARTIAL, type StagedFile, stageFile } from '../../whole-file.js';
import type { BuildEffects } from './effects.js';

export type Content = string | Uint8Array;

/** Does work that changes the shelf while nobody else does: two builds may write to one folder at
 *  once. Throws UserError when the lock cannot be made. */
export async function onShelf<T>(
  folder: string,
  lock: BuildEffects['lock'],
  work: () => Promise<T>,
): Promise<T> {
  const path = join(folder, '.build.lock');
  let held = false;
  const guarded = async (): Promise<T> => {
    held = true;
    await removePartials(folder);
    return work();
  };
  return lock(path, guarded).catch((error: unknown) => {
    throw held ? error : notWritten(path, error);
  });
}

/** Who holds the lock is the only one who writes: partial files are those of a killed build. */
async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (PARTIAL.test(name)) await rm(join(folder, name), { force: true });
  }
}

/** Writes the whole file or nothing: the old one stays until the new one is complete, and a file
 *  that says the same already is left alone. Resolves to whether it was written. Throws UserError
 *  when it cannot be written. */
export async function write(path: string, content: Content): Promise<boolean> {
  return writeTogether(new Map([[path, content]]));
}

/** As `write`, for files that belong together: all of them are on the disk before the first takes its
 *  place, in the order given. */
export async function writeTogether(contents: ReadonlyMap<string, Content>): Promise<boolean> {
  const staged = new Map<string, StagedFile>();
  try {
    for (const [path, content] of contents) {
      const bytes = Buffer.from(content as Uint8Array);
      const old = await readFile(path).catch(() => null);
      if (!old?.equals(bytes)) staged.set(path, await told(path, stageFile(path, bytes)));
    }
    for (const [path, file] of staged) await told(path, file.commit());
    return staged.size > 0;
  } catch (error) {
    for (const file of staged.values()) await file.discard();
    throw error;
  }
}

async function told<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw notWritten(path, error);
  });
}

const FULL = ['ENOSPC', 'EDQUOT'];

function notWritten(path: string, cause: unknown): UserError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  if (FULL.includes(reason)) {
    return new UserError(`expected space on the disk for ${path}, got none (${reason})`, {
      hint: 'Free some and start again, or give another folder with --out; until then the old report stays.',
      cause,
    });
  }
  return new UserError(`expected to write ${path}, got ${reason}`, {
    hint: 'Check the folder, or give another one with --out.',
    cause,
  });
}
