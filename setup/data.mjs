import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileHash } from './file-hash.mjs';

/** The four files of MNIST as their authors published them, unpacked. */
const MNIST = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Checks the data files in a folder.
 *  @param {string} folder @returns {Promise<string[]>} the names of those missing or changed */
export async function wrongDataFiles(folder) {
  const wrong = [];
  for (const [name, sha256] of Object.entries(MNIST)) {
    const file = join(folder, name);
    if (!existsSync(file) || (await fileHash(file)) !== sha256) wrong.push(name);
  }
  return wrong;
}
