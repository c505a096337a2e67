/** Files that are whole or not there, whatever happens to the process and the disk. */

import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** A file that is complete on the disk under another name. */
export interface StagedFile {
  /** Gives it its name, in place of an older file. */
  commit(): Promise<void>;
  /** Removes it; the older file stays. */
  discard(): Promise<void>;
}

/** The name of a file while it is written, beside its place. A process that is killed leaves it. */
export const PARTIAL: RegExp = /\.[0-9a-f]{8}\.partial$/;

/** Writes a file beside its place and waits for the disk. Throws the system's error when it cannot,
 *  and leaves nothing then. */
export async function stageFile(path: string, bytes: Uint8Array): Promise<StagedFile> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  const discard = () => rm(partial, { force: true });
  try {
    const file = await open(partial, 'wx');
    try {
      await file.writeFile(bytes); // goes on after a short write, which is how a disk fills up
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    commit: () =>
      rename(partial, path).catch(async (error) => {
        await discard();
        throw error;
      }),
    discard,
  };
}

/** Writes one file: the old one stays until the new one is complete. Throws the system's error. */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  await (await stageFile(path, bytes)).commit();
}
