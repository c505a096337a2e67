import { requireNode } from './node-version.mjs';

requireNode();
// Only now what an old Node could not read.
const { fileURLToPath } = await import('node:url');
const { buildDist } = await import('./build.mjs');
const { stepsTaken } = await import('./step.mjs');

try {
  await buildDist(fileURLToPath(new URL('..', import.meta.url)));
  if (stepsTaken() === 0) process.stderr.write('dist: compiled from these sources already\n');
} catch (error) {
  process.stderr.write(`marginalia: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
