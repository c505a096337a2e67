/** Files of a data set in an installed package, checked before they are used. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { publishSource } from './publish.js';

/** Files that belong together. */
export interface DataFiles {
  /** Of what data: `MNIST test`. */
  readonly data: string;
  /** npm package that holds them. */
  readonly from: string;
  readonly names: readonly string[];
  /** SHA-256 of the files one after the other. */
  readonly sha256: string;
}

/** The bytes of each file, named in the colophon. Throws UserError for a missing or changed file. */
export async function readChecked(
  folder: string,
  { data, from, names, sha256 }: DataFiles,
): Promise<Buffer[]> {
  const hash = createHash('sha256');
  const contents: Buffer[] = [];
  for (const name of names) {
    const bytes = await readFile(join(folder, name)).catch((cause) => {
      throw new UserError(`expected the file ${name} in ${folder}, got none that can be read`, {
        hint: `Run \`npm ci\`, which installs the package ${from}.`,
        cause,
      });
    });
    hash.update(bytes);
    contents.push(bytes);
  }
  const found = hash.digest('hex');
  const range = [...new Set([names[0], names.at(-1)])];
  if (found !== sha256) {
    const where = range.map((name) => join(folder, name as string)).join(' to ');
    throw new UserError(`expected SHA-256 ${sha256} of ${where}, got ${found}`, {
      hint: `The file is damaged or changed: delete node_modules/${from} and run \`npm ci\`.`,
    });
  }
  publishSource({ name: range.join(' to '), detail: data, sha256 });
  return contents;
}

/** Pixels of 8 bits as float32 in [0, 1]. A plain loop: Float32Array.from with a function takes
 *  seconds for 47 million pixels. */
export function toUnit(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = (bytes[i] as number) / 255;
  return values;
}
