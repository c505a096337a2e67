/** One whole process for the bench: PGD training of madry-cnn, as JSON.
 *
 *      node pgd-training.mjs steps 150     milliseconds a step, over so many steps
 *      node pgd-training.mjs accuracy      of the whole recipe: clean, and under PGD-40 at ε = 0.3
 *
 *  The trained models go to the cache that MARGINALIA_CACHE names. */

import { performance } from 'node:perf_hooks';
import {
  evaluate,
  madryAttack,
  mnist,
  pgd,
  startEngine,
  successRate,
  trained,
} from '../dist/index.js';
import { DIGITS, NET, RECIPE } from './robust-recipe.mjs';

const ATTACKED = 1000;

/** @param {number} steps */
async function millisecondsPerStep(steps) {
  const { train } = await mnist({ train: steps * RECIPE.batchSize, test: 0 });
  const training = { ...RECIPE, epochs: 1 };
  await trained(NET, train.take(5 * RECIPE.batchSize), training); // warm-up
  const started = performance.now();
  await trained(NET, train, training);
  return (performance.now() - started) / steps;
}

async function accuracies() {
  const { train, test } = await mnist({ train: DIGITS });
  const model = await trained(NET, train, RECIPE);
  const { error } = await evaluate(model, test.x, test.y);
  const some = test.take(ATTACKED);
  const attacked = await pgd(model, some.x, some.y, madryAttack);
  return { clean: 1 - error, attacked: 1 - successRate(attacked), images: ATTACKED };
}

await startEngine({ processes: 1 }); // nothing else computes
const [what, steps] = process.argv.slice(2);
const figures =
  what === 'steps' ? { step: await millisecondsPerStep(Number(steps)) } : await accuracies();
process.stdout.write(`${JSON.stringify(figures)}\n`);
