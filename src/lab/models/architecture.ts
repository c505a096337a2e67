/** A network without its weights, and a model: the network with them. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier } from '../../attacks/index.js';
import { flat } from '../../attacks/norm.js';
import { UserError } from '../../errors.js';

/** Trainable tensors by name, in a fixed order. Names of matrices and filters start with `w`. */
export type Weights = { readonly [name: string]: tf.Tensor };

/** A network without its weights. */
export interface Architecture<W extends Weights = Weights> {
  /** Names the architecture exactly, sizes included: `mlp-240`, `logistic-784`. */
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Shape of each weight and how it starts, in order. */
  readonly layout: { readonly [name in keyof W]: WeightLayout };
  /** The steps from the input to the logits, in order. */
  readonly layers: readonly Layer<W>[];
  /** Z(x): [N, ...inputShape] to [N, classes]. */
  logits(weights: W, x: tf.Tensor): tf.Tensor2D;
}

/** One step of a network. */
export interface Layer<W extends Weights = Weights> {
  /** As papers write it: `z1` before the units, `h1` after them, `Z` for the logits. */
  readonly name: string;
  /** Its outputs are hidden units: dropout leaves some of them out while training. */
  readonly hidden?: boolean;
  run(weights: W, input: tf.Tensor): tf.Tensor;
}

export interface WeightLayout {
  /** Dense: [inputs, outputs]. Convolution: [height, width, inputs, outputs]. */
  readonly shape: readonly number[];
  readonly start: Start;
}

/** How a weight starts. `he`: normal, variance 2 / inputs; `glorot`: uniform, variance
 *  2 / (inputs + outputs). */
export type Start =
  | 'he'
  | 'glorot'
  | 'zero'
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** Normal around 0, drawn again where it falls beyond two deviations. */
  | { readonly kind: 'truncated-normal'; readonly deviation: number };

/** An architecture with weights: a classifier whose parts can be looked at. */
export interface Model<W extends Weights = Weights> extends Classifier {
  readonly architecture: Architecture<W>;
  readonly weights: W;
}

/** An architecture whose logits are its layers, one after the other. */
export function layered<W extends Weights>(
  parts: Omit<Architecture<W>, 'logits'>,
): Architecture<W> {
  return {
    ...parts,
    logits: (weights, x) => tf.tidy(() => runLayers(parts.layers, weights, x) as tf.Tensor2D),
  };
}

/** The output of the last of the layers. */
export function runLayers<W extends Weights>(
  layers: readonly Layer<W>[],
  weights: W,
  input: tf.Tensor,
): tf.Tensor {
  return layers.reduce((output, layer) => layer.run(weights, output), input);
}

/** A model of given weights. Throws UserError for a weight of another shape. */
export function modelOf<W extends Weights>(architecture: Architecture<W>, weights: W): Model<W> {
  for (const [name, { shape }] of Object.entries(architecture.layout)) {
    const got = weights[name]?.shape ?? 'none';
    if (String(got) !== String(shape)) {
      throw new UserError(
        `expected weight ${name} of ${architecture.name} to have shape [${shape}], got [${got}]`,
        { hint: 'Reshape it, or take another architecture.' },
      );
    }
  }
  const { name, inputShape, classes } = architecture;
  const logits = (x: tf.Tensor): tf.Tensor2D => architecture.logits(weights, x);
  return { name, inputShape, classes, architecture, weights, logits };
}

/** How many numbers the training sets. */
export function parameterCount(architecture: Pick<Architecture, 'layout'>): number {
  const layouts = Object.values(architecture.layout);
  return layouts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** The product of the lengths. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** xW + b. x: [N, …]; w: [features, outputs]; b: [outputs]. */
export function affine(x: tf.Tensor, w: tf.Tensor2D, b: tf.Tensor1D): tf.Tensor2D {
  return tf.add(tf.matMul(flat(x), w), b);
}

/** `mlp-240` on whole digits, `mlp-240-14x14` on smaller ones. */
export function sized(name: string, side: number): string {
  return side === 28 ? name : `${name}-${side}x${side}`;
}
