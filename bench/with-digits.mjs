/** What a bench beside Python's libraries needs: processes of ours and theirs that read the same files. */

import { join } from 'node:path';
import { inFolder, printed, root, run } from './measure.mjs';
import { torchPython } from './peers.mjs';

/** @typedef {{ readonly python: string, readonly folder: string, readonly digits: string }} Files */

/** @param {string} name */
export const script = (name) => join(root, 'bench', name);

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
export const node = ([name = '', ...args], env) =>
  printed(process.execPath, [script(name), ...args], env);

/** Gives the work that many digits in a file, and the temporary folder around it.
 *  @param {'train' | 'test'} part @param {number} count @param {(files: Files) => Promise<void>} work */
export const withDigits = (part, count, work) =>
  inFolder(async (folder) => {
    const python = await torchPython();
    const digits = join(folder, 'digits.safetensors');
    await run(process.execPath, [script('digits.mjs'), part, `${count}`, digits]);
    await work({ python, folder, digits });
  });

/** Digits of the test set, and in the folder weights of madry-cnn: `natural.safetensors`, and
 *  `pgd-trained.safetensors` if the bench `pgd-training` left that model in the cache.
 *  @param {number} count @param {(files: Files) => Promise<void>} work */
export const withModels = (count, work) =>
  withDigits('test', count, async (files) => {
    await run(process.execPath, [script('pgd-models.mjs'), files.folder]);
    await work(files);
  });
