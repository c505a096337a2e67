/** Where a training stands, and its way to a file and back. */

import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../models.js';
import type { NamedArray, TensorFile } from '../safetensors.js';
import type { ValidationRecord } from './early-stop.js';

type Variables = { readonly [name: string]: tf.Variable };

/** Numbers that change in place. A `tf.Variable` is one. */
export interface Slot {
  readonly shape: number[];
  assign(value: tf.Tensor): void;
  dataSync(): tf.TypedArray;
  dispose(): void;
}

/** All tensors that the next step depends on. */
export interface State {
  readonly weights: Variables;
  /** Of the optimiser. */
  readonly slots: { readonly [name: string]: Slot };
  /** The weights of the best epoch so far; none without early stopping. */
  readonly best: Variables;
  /** The weights after some steps: `600/w1`; zeros for steps to come. */
  readonly snapshots: Variables;
}

/** How far it has come. */
export interface Position {
  /** Mean loss of each finished epoch. */
  readonly epochLoss: readonly number[];
  /** Loss of each finished step of this epoch. */
  readonly losses: readonly number[];
  readonly validation: ValidationRecord;
  /** Time spent, in all the runs that it took. */
  readonly seconds: number;
}

export const START: Position = {
  epochLoss: [],
  losses: [],
  validation: { clean: [], adversarial: [] },
  seconds: 0,
};

/** State and position as a file: tensors `weights/w1`, `slots/w1/m`, `best/w1`,
 *  `snapshots/600/w1`. */
export function savedState(state: State, position: Position): TensorFile {
  const arrays = named(state).map(([name, slot]): [string, NamedArray] => [
    name,
    { shape: slot.shape, values: Float32Array.from(slot.dataSync()) },
  ]);
  return {
    tensors: Object.fromEntries(arrays),
    metadata: { position: JSON.stringify(position) },
  };
}

/** Puts what was saved into the state. Its position; undefined, and no change, where the file is not
 *  of this training. */
export function takeUp(state: State, file: TensorFile | undefined): Position | undefined {
  if (file?.metadata.position === undefined) return undefined;
  const { tensors } = file;
  const fits = ([name, { shape }]: [string, Slot]): boolean =>
    String(tensors[name]?.shape) === String(shape);
  if (!named(state).every(fits)) return undefined;
  for (const [name, slot] of named(state)) {
    const { values, shape } = tensors[name] as NamedArray;
    tf.tidy(() => slot.assign(tf.tensor(values, [...shape], 'float32')));
  }
  return JSON.parse(file.metadata.position);
}

function named(state: State): [string, Slot][] {
  return Object.entries(state).flatMap(([kind, slots]: [string, State['slots']]) =>
    Object.entries(slots).map(([name, slot]): [string, Slot] => [`${kind}/${name}`, slot]),
  );
}

/** The weights as variables, which the optimiser changes in place. */
export function asVariables(weights: Weights): { [name: string]: tf.Variable } {
  const variable = ([name, weight]: [string, tf.Tensor]): [string, tf.Variable] => {
    const made = tf.variable(weight);
    weight.dispose();
    return [name, made];
  };
  return Object.fromEntries(Object.entries(weights).map(variable));
}

/** The same values as plain tensors, which no optimiser finds. */
export function copies(variables: Variables): { [name: string]: tf.Tensor } {
  const copy = ([name, variable]: [string, tf.Variable]) => [name, tf.clone(variable)];
  return Object.fromEntries(Object.entries(variables).map(copy));
}
