/** One whole process for the bench: PGD-40 on madry-cnn, for each ε, as JSON.
 *
 *      node pgd.mjs every-step|until-success weights.safetensors number-of-images seed eps... */

import { performance } from 'node:perf_hooks';
import { loadClassifier, madryCnn, mnist, pgd, startEngine, successRate } from '../dist/index.js';

const [mode, weights = '', images, seed, ...radii] = process.argv.slice(2);
const untilSuccess = mode === 'until-success';
await startEngine({ processes: 1 }); // nothing else computes
const model = await loadClassifier(weights, madryCnn());
const { x, y } = (await mnist({ train: 0, test: Number(images) })).test;

/** @param {number} eps @param {number} steps */
const attack = (eps, steps) =>
  pgd(model, x, y, { eps, alpha: 0.01, steps, untilSuccess, seed: Number(seed) });

await attack(0.3, 2); // warm-up
/** @type {{ [eps: string]: { seconds: number, success: number } }} */ const figures = {};
for (const eps of radii) {
  const started = performance.now();
  const result = await attack(Number(eps), 40);
  figures[eps] = {
    seconds: (performance.now() - started) / 1000,
    success: successRate(result),
  };
}
process.stdout.write(`${JSON.stringify(figures)}\n`);
