/** Early stopping on held-out examples: Goodfellow, Shlens, Szegedy 2015 (arXiv:1412.6572, section 6)
 *  stop on the error of their adversarial versions. */

import { fgsm, successRate } from '../../attacks/index.js';
import type { Dataset } from '../dataset.js';
import { evaluate } from '../evaluate.js';
import type { Model, Weights } from '../models.js';

export interface EarlyStop {
  /** Examples that are not trained on. */
  readonly validation: Dataset;
  /** ε of the FGSM, clipped to [0, 1], that makes their adversarial versions. */
  readonly eps: number;
  /** Epochs without a lower error after which training ends. */
  readonly patience: number;
  /** Which error decides; both are recorded. Default `adversarial`. */
  readonly watch?: 'adversarial' | 'clean';
}

/** Errors on the held-out examples after each epoch, as shares. */
export interface ValidationRecord {
  readonly clean: readonly number[];
  readonly adversarial: readonly number[];
}

/** The record with one more epoch. */
export async function validated<W extends Weights>(
  { clean, adversarial }: ValidationRecord,
  model: Model<W>,
  { validation: { x, y }, eps }: EarlyStop,
): Promise<ValidationRecord> {
  const { error } = await evaluate(model, x, y);
  const attacked = await fgsm(model, x, y, { eps });
  attacked.xAdv.dispose();
  return { clean: [...clean, error], adversarial: [...adversarial, successRate(attacked)] };
}

/** The epoch with the lowest error that is watched, the first of equal ones, counted from 1. */
export function bestEpoch(
  record: ValidationRecord,
  watch: 'adversarial' | 'clean' = 'adversarial',
): number {
  return record[watch].indexOf(Math.min(...record[watch])) + 1;
}

/** Patience is over. */
export function isOver(record: ValidationRecord, { patience, watch }: EarlyStop): boolean {
  return record.clean.length - bestEpoch(record, watch) >= patience;
}
