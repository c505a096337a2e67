/** An unfinished training on disk, from which it goes on after a kill. */

import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWholeFile } from '../../whole-file.js';
import { decodeTensors, encodeTensors, type TensorFile } from '../safetensors.js';

export interface Checkpoint {
  /** What was saved; undefined where nothing was, or nothing that can be read. */
  read(): Promise<TensorFile | undefined>;
  /** Saves what `state` gives, when the time has come. Disk trouble only costs the checkpoint. */
  saveWhenDue(state: () => TensorFile): Promise<void>;
  remove(): Promise<void>;
}

/** A checkpoint in one file, renewed every so many seconds. now: milliseconds. */
export function checkpointAt(
  path: string,
  seconds: number,
  now: () => number = () => performance.now(),
): Checkpoint {
  let last = now();
  let warned = false;
  return {
    read: async () => {
      try {
        return decodeTensors(await readFile(path), path);
      } catch {
        return undefined;
      }
    },
    saveWhenDue: async (state) => {
      if (now() - last < seconds * 1000) return;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeWholeFile(path, encodeTensors(state()));
      } catch (error) {
        if (!warned) console.warn(`No checkpoint of this training: ${(error as Error).message}`);
        warned = true;
      }
      last = now();
    },
    remove: () => rm(path, { force: true }),
  };
}
