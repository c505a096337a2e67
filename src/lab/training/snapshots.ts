/** The weights at some steps of a training. */

import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../models.js';
import type { Plan } from './plan.js';
import { asVariables, type State } from './state.js';

export interface Snapshot<W extends Weights> {
  /** After how many steps of the training. */
  readonly step: number;
  readonly weights: W;
}

/** Variables for all snapshots to come, so that a checkpoint holds them under fixed names. */
export function snapshotRoom<W extends Weights>(
  { snapshotEvery, epochs, batchSize }: Plan<W>,
  size: number,
  weights: State['weights'],
): State['snapshots'] {
  if (snapshotEvery === undefined) return {};
  const count = Math.floor((epochs * Math.ceil(size / batchSize)) / snapshotEvery);
  const steps = Array.from({ length: count }, (_, k) => (k + 1) * snapshotEvery);
  const empty = steps.flatMap((step) =>
    Object.entries(weights).map(([name, weight]) => [`${step}/${name}`, tf.zerosLike(weight)]),
  );
  return asVariables(Object.fromEntries(empty));
}

/** Keeps the weights if there is room for this step. */
export function takeSnapshot({ weights, snapshots }: State, step: number): void {
  for (const [name, weight] of Object.entries(weights)) {
    snapshots[`${step}/${name}`]?.assign(weight);
  }
}

/** The snapshots as plain tensors, in the order of their steps. The caller owns them. */
export function snapshotsOf<W extends Weights>(kept: State['snapshots']): Snapshot<W>[] {
  const byStep = new Map<number, { [name: string]: tf.Tensor }>();
  for (const [path, weight] of Object.entries(kept)) {
    const [step, name] = path.split('/') as [string, string];
    const weights = byStep.get(Number(step)) ?? {};
    weights[name] = tf.clone(weight);
    byStep.set(Number(step), weights);
  }
  return Array.from(byStep, ([step, weights]) => ({ step, weights: weights as W }));
}
