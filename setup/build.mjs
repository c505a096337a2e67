import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { lastLine, run } from './run.mjs';
import { step } from './step.mjs';

/** Compiles `src` to `dist` unless `dist` comes from these very sources.
 *  @param {string} root @returns {Promise<void>} throws with the compiler's first complaint,
 *  or without packages */
export async function buildDist(root) {
  if (isBuilt(root)) return;
  if (!existsSync(compiler(root))) {
    throw new Error('expected the packages in node_modules, got none: run npm start or npm test');
  }
  await withLock(
    join(root, 'node_modules', '.marginalia', 'build.lock'),
    async () => {
      if (isBuilt(root)) return;
      await step('dist: compiling src', '2–6 s', () => compile(root));
    },
    (owner) => process.stderr.write(`dist: waiting for another build (process ${owner})\n`),
  );
}

/** An installed package has `dist` and no `src`: then there is nothing to compile.
 *  @param {string} root @returns {boolean} in a few milliseconds */
export function isBuilt(root) {
  if (!existsSync(join(root, 'src'))) return existsSync(join(root, 'dist'));
  const note = join(root, 'dist', '.sources');
  return existsSync(note) && readFileSync(note, 'utf8') === sourcesMark(root);
}

/** @param {string} root @returns {string} */
function compiler(root) {
  return join(root, 'node_modules', 'typescript', 'bin', 'tsc');
}

/** @param {string} root */
async function compile(root) {
  const dist = join(root, 'dist');
  const mark = sourcesMark(root);
  // Without our note nobody knows what lies there, and the compiler writes only what has changed.
  if (!existsSync(join(dist, '.sources'))) rmSync(join(dist, '.tsbuildinfo'), { force: true });
  const result = await run(process.execPath, [compiler(root), '-p', 'tsconfig.build.json'], {
    cwd: root,
  });
  if (!result.ok) {
    const complaint = result.stdout.split('\n').find((line) => line.includes('error TS'));
    throw new Error(`src does not compile: ${complaint ?? lastLine(result)}`);
  }
  removeOrphans(root);
  writeFileSync(join(dist, '.sources'), mark);
}

/** What was compiled from a source that is gone must not be imported any more.
 *  @param {string} root */
function removeOrphans(root) {
  for (const file of filesIn(join(root, 'dist'))) {
    const match = /^(.*?)(\.d\.ts|\.js)$/.exec(relative(join(root, 'dist'), file));
    if (match !== null && !existsSync(join(root, 'src', `${match[1]}.ts`))) rmSync(file);
  }
}

/** Names, sizes and times of all sources in one hash.
 *  @param {string} root @returns {string} */
function sourcesMark(root) {
  const settings = ['tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name));
  const hash = createHash('sha256');
  for (const file of [...settings, ...filesIn(join(root, 'src'))]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} in one order everywhere */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
