import { requireNode } from './node-version.mjs';

requireNode();
// Only now what an old Node could not read.
const { fileURLToPath } = await import('node:url');
const { cacheFolder } = await import('./cache-folder.mjs');
const { setupEffects } = await import('./effects.mjs');
const { setUp } = await import('./set-up.mjs');

const where = { root: fileURLToPath(new URL('..', import.meta.url)), cache: cacheFolder() };
try {
  await setUp(where);
  const { main } = await import('../dist/cli/main.js');
  process.exitCode = await main(['build', ...process.argv.slice(2)], setupEffects(where));
} catch (error) {
  process.stderr.write(`marginalia: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
