#!/usr/bin/env node
import { requireNode } from '../setup/node-version.mjs';

requireNode();
// Only now what an old Node could not read.
const { existsSync, readFileSync } = await import('node:fs');
const { fileURLToPath } = await import('node:url');

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`marginalia: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** @returns {Promise<number>} the exit code */
async function run() {
  if (args[0] === '--version' || args[0] === '-v') {
    const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const { cacheFolder } = await import('../setup/cache-folder.mjs');
  const { setupEffects } = await import('../setup/effects.mjs');
  const where = { root, cache: cacheFolder() };
  const effects = setupEffects(where);
  const asksForHelp = args.length === 0 || args.some(isHelp);
  // The doctor is asked when something is broken, and that may be the sources.
  if (args[0] === 'doctor' && !asksForHelp) return effects.doctor();
  if (args[0] === 'setup' && !asksForHelp) {
    const { setUp } = await import('../setup/set-up.mjs');
    const { stepsTaken } = await import('../setup/step.mjs');
    await setUp(where);
    return stepsTaken() === 0 ? effects.doctor() : 0; // its table stands at the end of all steps
  }
  if (!asksForHelp || !existsSync(`${root}dist/cli/main.js`)) {
    const { buildDist } = await import('../setup/build.mjs');
    await buildDist(root);
  }
  if (args[0] === 'build' && !asksForHelp) {
    const { mendEngine } = await import('../setup/engine.mjs');
    await mendEngine(where);
  }
  const { main } = await import('../dist/cli/main.js');
  return main(args, effects);
}

/** Help shall come at once, even from a `dist` that is not the newest.
 *  @param {string} word @param {number} index */
function isHelp(word, index) {
  return word === '--help' || word === '-h' || (word === 'help' && index === 0);
}
