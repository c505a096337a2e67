import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compiledBinding, engineFolder, linkEngine } from './engine-binding.mjs';
import { probeEngine, rememberEngine, rememberedEngine } from './engine-probe.mjs';
import { keptLibraries, libraryFolder, TENSORFLOW_WHEEL } from './engine-wheel.mjs';
import { withLock } from './lock.mjs';
import { lastLine, run } from './run.mjs';
import { step } from './step.mjs';

/** @typedef {import('./engine-probe.mjs').Engine} Engine */
/** @typedef {Engine | {missing: string}} EngineFinding */

const INSTALLER_LIMIT_MS = 5 * 60_000;

/** Makes the native engine load, by the first way that works: it loads already; the library of
 *  Python's tensorflow-cpu wheel and a binding compiled here; tfjs-node's own installer.
 *  @param {{root: string, cache: string}} where the project's and the cache folder
 *  @returns {Promise<EngineFinding>} `missing` says why no way worked, and what to do */
export async function prepareEngine({ root, cache }) {
  const installer = { source: "tfjs-node's installer", work: () => fromInstaller(root) };
  return firstThatLoads(root, cache, [INSTALLED, wheel(root, cache), installer]);
}

/** Makes the native engine load again when only its links are gone, as after `npm ci`, and says in one
 *  line when it does not load. Takes a second or two, and fetches nothing.
 *  @param {{root: string, cache: string}} where @returns {Promise<void>} */
export async function mendEngine({ root, cache }) {
  if (process.env.MARGINALIA_ENGINE === 'cpu' || !existsSync(engineFolder(root))) return;
  const kept = existsSync(keptLibraries(cache)) ? [wheel(root, cache)] : [];
  const engine = await firstThatLoads(root, cache, [INSTALLED, ...kept]).catch(() => null);
  if (engine !== null && !('missing' in engine)) return;
  process.stderr.write(
    'warning: no native engine: cells compute in plain JavaScript, 20 times slower. ' +
      'npx marginalia setup sets it up; MARGINALIA_ENGINE=cpu says that this is meant\n',
  );
}

/** @typedef {{source: string, work: () => Promise<void>}} Way */

/** @type {Way} */
const INSTALLED = { source: 'found installed', work: async () => {} };

/** @param {string} root @param {string} cache @returns {Way} */
function wheel(root, cache) {
  const source = `PyPI tensorflow-cpu ${TENSORFLOW_WHEEL.version}`;
  return { source, work: () => fromWheel(root, cache) };
}

/** Gets the wheel's library into the cache while npm brings the packages. What fails here fails again in
 *  `prepareEngine`, which says so.
 *  @param {string} cache @returns {Promise<void>} */
export async function fetchLibraries(cache) {
  if (existsSync(keptLibraries(cache))) return;
  await withEngineLock(cache, () => wheelLibraries(cache)).catch(() => {});
}

/** @param {string} root @param {string} cache @param {Way[]} ways @returns {Promise<EngineFinding>} */
async function firstThatLoads(root, cache, ways) {
  const remembered = await rememberedEngine(root);
  if (remembered !== null) return remembered;
  return withEngineLock(cache, () => tryEach(root, ways));
}

/** @template T
 *  @param {string} cache @param {() => Promise<T>} work @returns {Promise<T>} */
function withEngineLock(cache, work) {
  return withLock(join(cache, 'engine.lock'), work, (owner) => {
    process.stderr.write(`engine: waiting for another set-up (process ${owner})\n`);
  });
}

/** @param {string} root @param {Way[]} ways @returns {Promise<EngineFinding>} */
async function tryEach(root, ways) {
  const reasons = new Set();
  for (const { source, work } of ways) {
    try {
      await work();
    } catch (error) {
      reasons.add(error instanceof Error ? error.message : String(error));
      continue;
    }
    const probe = await probeEngine(root);
    if ('version' in probe) {
      const engine = { name: 'TensorFlow', version: probe.version, source };
      await rememberEngine(root, engine);
      return engine;
    }
    reasons.add(probe.reason);
  }
  return { missing: advice([...reasons]) };
}

/** @param {string} root @param {string} cache */
async function fromWheel(root, cache) {
  const libraries = await wheelLibraries(cache);
  await linkEngine(root, libraries, await compiledBinding(root, libraries, false));
  // A binding kept in the cache may come from a machine with other system libraries.
  const probe = await probeEngine(root);
  if ('reason' in probe)
    await linkEngine(root, libraries, await compiledBinding(root, libraries, true));
}

/** @param {string} cache @returns {Promise<string>} the folder with the wheel's libraries */
async function wheelLibraries(cache) {
  if (!existsSync(keptLibraries(cache))) await requireTools();
  return libraryFolder(cache);
}

/** Throws with one line when the wheel cannot be fetched or used: better before 230 MB than after. */
async function requireTools() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`no tensorflow-cpu wheel for ${process.platform} ${process.arch} is pinned`);
  }
  const compiler = process.env.CXX || 'g++';
  for (const [command, ...args] of [
    ['python3', '-m', 'pip', '--version'],
    [compiler, '--version'],
  ]) {
    const found = await run(/** @type {string} */ (command), args);
    if (!found.ok) throw new Error(`${[command, ...args].join(' ')} fails: ${lastLine(found)}`);
  }
}

/** @param {string} root */
async function fromInstaller(root) {
  await step("engine: tfjs-node's own installer", 'at most 5 minutes', async () => {
    const options = { cwd: engineFolder(root), timeoutMs: INSTALLER_LIMIT_MS };
    const result = await run(process.execPath, ['scripts/install.js'], options);
    if (!result.ok) throw new Error(`tfjs-node's installer fails: ${lastLine(result)}`);
  });
}

/** @param {string[]} reasons @returns {string} */
function advice(reasons) {
  const packages = 'Python 3 with pip, and g++ (Debian: apt install python3-pip g++)';
  return `${reasons.join('; ')}. The native engine needs Linux x86_64 with ${packages}; without it plain JavaScript computes, 20 times slower`;
}
