import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './json-file.mjs';
import { isInstalled, packageFolder } from './package-folder.mjs';
import { lastLine, run } from './run.mjs';
import { step } from './step.mjs';

const INSTALL_LIMIT_MS = 20 * 60_000;

/** Installs what package-lock.json names.
 *  @param {string} root @returns {Promise<void>} throws with one line when npm fails */
export async function installDependencies(root) {
  await step('packages: npm ci', '30–60 s', async () => {
    // npm names itself to the scripts it runs; `npm` alone may be another one, or a .cmd file.
    const named = process.env.npm_execpath;
    const npm = named?.endsWith('npm-cli.js') ? named : undefined; // pnpm and yarn set it too
    const [command, ...before] = npm ? [process.execPath, npm] : ['npm'];
    const args = [...before, 'ci', '--loglevel=error', '--no-progress'];
    const result = await run(command, args, { cwd: root, timeoutMs: INSTALL_LIMIT_MS });
    if (!result.ok) throw new Error(`npm ci fails: ${explain(result.stderr) ?? lastLine(result)}`);
  });
}

/** npm keeps a copy of the lock file beside the packages it has installed: that copy is compared,
 *  so that an install by hand counts, and one that was stopped half-way does not. Where this project is
 *  installed itself there is no lock file, and its packages only have to be there.
 *  @param {string} root @returns {Promise<boolean>} */
export async function areInstalled(root) {
  if (isInstalled(root)) return areBeside(root);
  const wanted = (await readJson(join(root, 'package-lock.json')))?.packages;
  const found = (await readJson(join(root, 'node_modules', '.package-lock.json')))?.packages;
  if (!wanted || !found) return false;
  const isSame = (/** @type {string} */ path) =>
    found[path]?.version === wanted[path]?.version &&
    found[path]?.integrity === wanted[path]?.integrity;
  // Optional packages are those of other platforms.
  const isThere = (/** @type {string} */ path) =>
    path in found ? isSame(path) : path === '' || wanted[path].optional === true;
  return Object.keys(wanted).every(isThere) && Object.keys(found).every((path) => path in wanted);
}

/** @param {string} root @returns {Promise<boolean>} */
async function areBeside(root) {
  const names = Object.keys((await readJson(join(root, 'package.json')))?.dependencies ?? {});
  return names.every((name) => existsSync(packageFolder(root, name)));
}

/** npm's last line names only a log file; the reason stands above it.
 *  @param {string} stderr @returns {string | undefined} */
function explain(stderr) {
  const lines = stderr
    .split('\n')
    .filter((line) => /^npm (ERR!|error) (?!code|errno|syscall|path|A complete)/.test(line));
  return lines[0]?.replace(/^npm (ERR!|error) /, '');
}
