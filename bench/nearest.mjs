/** One whole process for the bench: an attack that looks for near points, on madry-cnn, as JSON.
 *
 *      node nearest.mjs deep-fool|jsma|carlini-wagner|carlini-wagner-paper weights.safetensors images */

import { performance } from 'node:perf_hooks';
import {
  carliniWagner,
  carliniWagnerSchedule,
  deepFool,
  jsma,
  loadClassifier,
  madryCnn,
  mean,
  mnist,
  quantile,
  startEngine,
  successRate,
} from '../dist/index.js';

const [name = '', weights = '', images] = process.argv.slice(2);
await startEngine({ processes: 1 }); // nothing else computes
const model = await loadClassifier(weights, madryCnn());
const { x, y } = (await mnist({ train: 0, test: Number(images) })).test;
const target = y.map((label) => (label + 1) % 10); // as torchattacks has it
const paper = { ...carliniWagnerSchedule, steps: 1000 };
const warmUp = { searches: 1, steps: 1 };

/** @type {{ [name: string]: (isWarmUp: boolean) => Promise<import('../dist/index.js').AttackResult> }} */
const ATTACKS = {
  'deep-fool': (isWarmUp) => deepFool(model, x, y, { steps: isWarmUp ? 1 : 50 }),
  jsma: (isWarmUp) => jsma(model, x, y, { target, gamma: isWarmUp ? 0.005 : 0.1 }),
  'carlini-wagner': (isWarmUp) => carliniWagner(model, x, y, isWarmUp ? warmUp : {}),
  'carlini-wagner-paper': (isWarmUp) => carliniWagner(model, x, y, isWarmUp ? warmUp : paper),
};
const attack = ATTACKS[name];
if (attack === undefined) {
  throw new Error(`expected ${Object.keys(ATTACKS).join(', ')}; got ${name}`);
}

(await attack(true)).xAdv.dispose();
const started = performance.now();
const result = await attack(false);
const seconds = (performance.now() - started) / 1000;
const norm = name === 'jsma' ? 'l0' : 'l2';
const sizes = result.norms[norm].filter((_, i) => result.success[i]);
const figures = {
  seconds,
  success: successRate(result),
  mean: mean(sizes),
  median: quantile(sizes, 0.5),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
