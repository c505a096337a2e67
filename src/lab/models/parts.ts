/** A network cut at one of its layers. */

import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images } from '../../attacks/index.js';
import { UserError } from '../../errors.js';
import { type Architecture, type Model, runLayers, type Weights } from './architecture.js';

/** The outputs of one layer. */
export interface Activation {
  readonly layer: string;
  /** [N, …] */
  readonly values: tf.Tensor;
}

/** What every layer gives for x, from the first to the logits. The caller owns the tensors. */
export function activations<W extends Weights>(model: Model<W>, x: Images): Activation[] {
  const { layers } = model.architecture;
  const outputs = tf.tidy(() => {
    const values: tf.Tensor[] = [];
    for (const layer of layers) values.push(layer.run(model.weights, values.at(-1) ?? x));
    return values;
  });
  return layers.map((layer, i) => ({ layer: layer.name, values: outputs[i] as tf.Tensor }));
}

/** What one layer gives for x: [N, …]. Throws UserError for an unknown layer. */
export function headOutput<W extends Weights>(
  model: Model<W>,
  layer: string,
  x: Images,
): tf.Tensor {
  const head = model.architecture.layers.slice(0, layerIndex(model.architecture, layer) + 1);
  return tf.tidy(() => runLayers(head, model.weights, x));
}

/** The network above a layer as a classifier of that layer's outputs, which an attack can perturb
 *  (`box: UNBOUNDED`). Throws UserError for an unknown layer, and for the last one. */
export function tailOf<W extends Weights>(model: Model<W>, layer: string): Classifier {
  const { architecture, classes } = model;
  if (layerIndex(architecture, layer) === architecture.layers.length - 1) {
    throw new UserError(`expected a layer below the logits, got ${layer}`, {
      hint: `Above ${layer} nothing is left of ${model.name}.`,
    });
  }
  return {
    name: `${model.name} above ${layer}`,
    inputShape: outputShape(model, layer),
    classes,
    logits: (h) => tailLogits(model, layer, h),
  };
}

/** Z as a function of the outputs of a layer. h: [N, …]. Throws UserError for an unknown layer. */
export function tailLogits<W extends Weights>(
  { architecture, weights }: Model<W>,
  layer: string,
  h: tf.Tensor,
): tf.Tensor2D {
  const tail = architecture.layers.slice(layerIndex(architecture, layer) + 1);
  return tf.tidy(() => runLayers(tail, weights, h) as tf.Tensor2D);
}

/** Found by running one empty image through. */
function outputShape<W extends Weights>(model: Model<W>, layer: string): number[] {
  return tf.tidy(() => headOutput(model, layer, tf.zeros([1, ...model.inputShape])).shape.slice(1));
}

function layerIndex(
  { name, layers }: Pick<Architecture, 'name' | 'layers'>,
  layer: string,
): number {
  const names = layers.map((one) => one.name);
  const index = names.indexOf(layer);
  if (index < 0) {
    throw new UserError(`expected a layer of ${name}, got "${layer}"`, {
      hint: `Its layers are ${names.join(', ')}.`,
    });
  }
  return index;
}
