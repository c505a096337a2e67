/** The files that the code of a notebook names: helpers that it imports, data that it opens. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** What the kernel may load for a name without ending, or for `./helper.js`. */
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
const CODE = /\.[cm]?[jt]sx?$/;
const LONGEST_NAME = 250;

/** SHA-256 of each file that stands in quotes in `code`, by its path from `folder`, where the code
 *  runs; and of the files that such a file names, if it is code. One file too many costs a run, one
 *  too few a wrong report: so every name counts, whatever the code does with it. */
export async function namedFiles(
  code: string,
  folder: string,
): Promise<{ readonly [path: string]: string }> {
  const hashes: { [path: string]: string } = {};
  const collect = async (text: string, bases: readonly string[]): Promise<void> => {
    for (const path of candidates(text, bases)) {
      const name = relative(folder, path);
      const hash = name in hashes ? undefined : await fileHash(path);
      if (hash === undefined) continue;
      hashes[name] = hash;
      // Imports are relative to the file, what it opens is relative to the kernel's folder.
      if (CODE.test(path)) await collect(await readFile(path, 'utf8'), [dirname(path), folder]);
    }
  };
  await collect(code, [folder]);
  return hashes;
}

/** Every path that a text between two quotation marks can mean. */
function candidates(code: string, bases: readonly string[]): Set<string> {
  const names = code.split(/['"`\n]/).filter((name) => name !== '' && name.length < LONGEST_NAME);
  const paths = names.flatMap((name) => (/^\.\.?(\/|$)/.test(name) ? modules(name) : [name]));
  return new Set(bases.flatMap((base) => paths.map((path) => resolve(base, path))));
}

function modules(name: string): string[] {
  const stem = name.replace(/\.[cm]?jsx?$/, '');
  const index = join(name, 'index');
  return [name, ...ENDINGS.flatMap((ending) => [stem + ending, `${index}${ending}`])];
}

/** Undefined for what is no file, or cannot be read. */
async function fileHash(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
