/** Optimisers whose whole state can be written down and taken up again, bit by bit. */

import * as tf from '@tensorflow/tfjs-core';
import { adamStep } from '../../attacks/adam.js';
import { currentEngine } from '../engine.js';
import { type Adam, fusedAdam } from './fused-adam.js';
import type { Slot } from './state.js';

export interface Optimizer {
  /** Its memory, besides the weights: `w1/m`, `w1/v`, `w1/velocity`. */
  readonly slots: { readonly [name: string]: Slot };
  /** Changes the weights in place. gradients: by name of weight; step: 1, 2, …; epoch: 0, 1, … */
  apply(gradients: { readonly [name: string]: tf.Tensor }, step: number, epoch: number): void;
}

export type OptimizerPlan =
  | { readonly kind: 'adam'; readonly lr: number }
  | { readonly kind: 'sgd'; readonly lr: number; readonly momentum: Ramp };

/** A number that goes from one value to another over the first epochs and then stays. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly epochs: number;
}

type Variables = { readonly [name: string]: tf.Variable };

/** The optimiser of a plan. The caller disposes its slots. */
export function optimizerOf(plan: OptimizerPlan, weights: Variables): Optimizer {
  return plan.kind === 'adam' ? adam(plan.lr, weights) : sgd(plan.lr, plan.momentum, weights);
}

function adam(lr: number, weights: Variables): Optimizer {
  const rule = currentEngine().kind === 'native' ? fusedAdam(weights) : plainAdam(weights);
  return {
    slots: rule.slots,
    apply: (gradients, step) => rule.apply(gradients, step, lr),
  };
}

/** Adam in operations that every engine has. */
function plainAdam(weights: Variables): Adam {
  const slots: { [name: string]: tf.Variable } = {};
  for (const [name, weight] of Object.entries(weights)) {
    slots[`${name}/m`] = zerosLike(weight);
    slots[`${name}/v`] = zerosLike(weight);
  }
  return {
    slots,
    apply: (gradients, step, lr) => {
      for (const [name, g] of Object.entries(gradients)) {
        const [m, v] = [slots[`${name}/m`] as tf.Variable, slots[`${name}/v`] as tf.Variable];
        const weight = weights[name] as tf.Variable;
        const next = adamStep({ v: weight, mean: m, square: v }, g, step, lr);
        m.assign(next.mean);
        v.assign(next.square);
        weight.assign(next.v);
      }
    },
  };
}

/** Momentum μ: v ← μv + g, w ← w − lr · v. */
function sgd(lr: number, momentum: Ramp, weights: Variables): Optimizer {
  const still = momentum.from === 0 && momentum.to === 0;
  const velocities = still
    ? []
    : Object.entries(weights).map(([name, weight]) => [`${name}/velocity`, zerosLike(weight)]);
  const slots: { readonly [name: string]: tf.Variable } = Object.fromEntries(velocities);
  return {
    slots,
    apply: (gradients, _, epoch) => {
      const mu = rampAt(momentum, epoch);
      for (const [name, g] of Object.entries(gradients)) {
        const velocity = slots[`${name}/velocity`];
        velocity?.assign(tf.add(tf.mul(velocity, mu), g));
        move(weights[name] as tf.Variable, velocity ?? g, lr);
      }
    },
  };
}

function rampAt({ from, to, epochs }: Ramp, epoch: number): number {
  return from + (to - from) * Math.min(1, epochs === 0 ? 1 : epoch / epochs);
}

function move(weight: tf.Variable, direction: tf.Tensor, rate: number): void {
  weight.assign(tf.sub(weight, tf.mul(direction, rate)));
}

function zerosLike(weight: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zerosLike(weight)));
}

/** Shrinks the columns of matrices and filters whose Euclidean norm is above the limit, in place: a
 *  column is all the weights that lead to one unit. */
export function limitColumnNorms(weights: Variables, limit: number): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (!name.startsWith('w') || weight.rank < 2) continue;
    const inputs = Array.from({ length: weight.rank - 1 }, (_, axis) => axis);
    const norms = tf.sqrt(tf.sum(tf.square(weight), inputs, true));
    weight.assign(tf.mul(weight, tf.div(limit, tf.maximum(norms, limit))));
  }
}
