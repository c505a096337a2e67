import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bindingFile, engineFolder } from './engine-binding.mjs';
import { keepNote, readJson } from './json-file.mjs';
import { lastLine, run } from './run.mjs';

/** @typedef {{name: string, version: string, source: string}} Engine */

/** Loads the engine and multiplies once. Node 24 lacks two functions that tfjs-node calls. */
const PROBE = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');
const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
if (product !== 11) throw new Error('expected 11, got ' + product);
console.log('version ' + tf.backend().binding.TF_Version);
`;

/** Tries the engine in a process of its own, since a broken native library may end it.
 *  @param {string} root @returns {Promise<{version: string} | {reason: string}>} */
export async function probeEngine(root) {
  if (!existsSync(bindingFile(root))) return { reason: 'its native library is not there' };
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_NO_WARNINGS: '1' };
  const result = await run(process.execPath, ['-e', PROBE], { cwd: root, env, timeoutMs: 60_000 });
  const version = /^version (\S+)$/m.exec(result.stdout)?.[1];
  return result.ok && version !== undefined ? { version } : { reason: lastLine(result) };
}

/** One note for each Node: several may use the same packages.
 *  @param {string} root @returns {string} */
function noteFile(root) {
  return join(root, 'node_modules', '.marginalia', `engine-${process.version}.json`);
}

/** What tells that nothing has changed since the engine was proven: its two native files.
 *  @param {string} root @returns {Promise<string>} */
async function mark(root) {
  const files = [bindingFile(root), join(engineFolder(root), 'deps/lib/libtensorflow.so.2')];
  const found = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  const parts = found.map((file) => `${file?.size}@${file?.mtimeMs}`);
  return parts.join(' ');
}

/** @param {string} root @param {Engine} engine */
export async function rememberEngine(root, engine) {
  await keepNote(noteFile(root), { mark: await mark(root), engine });
}

/** The engine as it was proven by an earlier set-up, if its files are the same still.
 *  @param {string} root @returns {Promise<Engine | null>} */
export async function rememberedEngine(root) {
  if (!existsSync(bindingFile(root))) return null;
  const note = await readJson(noteFile(root));
  return note !== null && note.mark === (await mark(root)) ? note.engine : null;
}
