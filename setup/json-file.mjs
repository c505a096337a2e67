import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** @param {string} file @returns {Promise<any>} null when there is no such file, or no JSON in it */
export async function readJson(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Keeps what only saves time later, where it can: a full disk costs no more than that time. Writes
 *  under another name first, so that nobody reads half a file.
 *  @param {string} file @param {unknown} value */
export async function keepNote(file, value) {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(unfinished, `${JSON.stringify(value, null, 2)}\n`);
    await rename(unfinished, file);
  } catch {
    await rm(unfinished, { force: true });
  }
}
