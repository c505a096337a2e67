/** The weights from which training starts. */

import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.js';
import {
  type Architecture,
  type Start,
  sizeOf,
  type WeightLayout,
  type Weights,
} from './architecture.js';

/** Weights to start training from, drawn in the order of the layout. */
export function startWeights<W extends Weights>(architecture: Architecture<W>, draws: Random): W {
  const entries = Object.entries(architecture.layout as { [name: string]: WeightLayout });
  const start = ([name, { shape, start }]: [string, WeightLayout]) => [
    name,
    tf.tensor(startValues(shape, start, draws), [...shape], 'float32'),
  ];
  return Object.fromEntries(entries.map(start)) as W;
}

function startValues(shape: readonly number[], start: Start, draws: Random): Float32Array {
  const size = sizeOf(shape);
  const { inputs, outputs } = fans(shape);
  const limit = Math.sqrt(6 / (inputs + outputs));
  if (start === 'zero') return new Float32Array(size);
  if (start === 'he') return draws.normal(size, 0, Math.sqrt(2 / inputs));
  if (start === 'glorot') return draws.uniform(size, -limit, limit);
  if (start.kind === 'constant') return new Float32Array(size).fill(start.value);
  if (start.kind === 'uniform') return draws.uniform(size, start.low, start.high);
  return truncatedNormal(size, start.deviation, draws);
}

/** How many numbers one output sums, and how many outputs one input reaches, at one place of the
 *  image. A vector is one output. */
function fans(shape: readonly number[]): { readonly inputs: number; readonly outputs: number } {
  if (shape.length < 2) return { inputs: sizeOf(shape), outputs: 1 };
  const outputs = shape.at(-1) as number;
  const window = sizeOf(shape.slice(0, -2));
  return { inputs: sizeOf(shape) / outputs, outputs: window * outputs };
}

function truncatedNormal(size: number, deviation: number, draws: Random): Float32Array {
  const values = draws.normal(size, 0, deviation);
  for (let i = 0; i < size; i++) {
    while (Math.abs(values[i] as number) > 2 * deviation) {
      values[i] = draws.normal(1, 0, deviation)[0] as number;
    }
  }
  return values;
}
