/** The options of a training in a few words, for the colophon. */

import type { Weights } from '../models.js';
import type { OptimizerPlan, Ramp } from './optimizer.js';
import type { Plan, Seeds } from './plan.js';

/** Options by name, in the order in which to print them. `seed` is the one that the caller
 *  gave. What a training does without is left out. */
export function settingsOf<W extends Weights>(
  { epochs, batchSize, optimizer, objective, dropout, maxColumnNorm, earlyStop }: Plan<W>,
  seed: number | Seeds,
): { [name: string]: string } {
  const kept = Object.entries(dropout).map(([units, keep]) => `${units} keeps ${keep}`);
  return {
    loss: objective.name,
    epochs: earlyStop === undefined ? `${epochs}` : `at most ${epochs}`,
    optimiser: optimizerText(optimizer),
    batch: `${batchSize}`,
    ...(kept.length > 0 && { dropout: kept.join(', ') }),
    ...(maxColumnNorm > 0 && { 'column norms': `to ${maxColumnNorm}` }),
    seed: seedText(seed),
  };
}

function optimizerText(plan: OptimizerPlan): string {
  if (plan.kind === 'adam') return `adam ${plan.lr}`;
  return `sgd ${plan.lr}, momentum ${rampText(plan.momentum)}`;
}

function rampText({ from, to, epochs }: Ramp): string {
  return from === to ? `${from}` : `${from} to ${to} over ${epochs} epochs`;
}

function seedText(seed: number | Seeds): string {
  if (typeof seed === 'number') return `${seed}`;
  return `${seed.weights}, ${seed.batches}, ${seed.noise} (weights, batches, noise)`;
}
