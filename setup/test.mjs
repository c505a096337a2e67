import { requireNode } from './node-version.mjs';

requireNode();
// Only now what an old Node could not read.
const { fileURLToPath } = await import('node:url');
const { cacheFolder } = await import('./cache-folder.mjs');
const { runGates } = await import('./gates.mjs');
const { setUp } = await import('./set-up.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
let count = { passed: 0, failed: 1 };
try {
  await setUp({ root, cache: cacheFolder() });
  count = await runGates(root, process.argv.slice(2));
} catch (error) {
  process.stderr.write(`marginalia: ${error instanceof Error ? error.message : error}\n`);
}
process.exitCode = count.failed === 0 ? 0 : 1;
process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
