/** Trained weights in safetensors files, so that they travel to and from other tools.
 *
 *  Dense weights are [inputs, outputs] and filters [height, width, inputs, outputs]. PyTorch has
 *  [outputs, inputs] and [outputs, inputs, height, width]: `weight.T` and
 *  `weight.permute(2, 3, 1, 0)`, both `.contiguous()`, bring its weights here. A dense layer after a
 *  convolution also counts its inputs by row, column and channel here, by channel, row and column
 *  there: `weight.view(outputs, channels, height, width).permute(2, 3, 1, 0)` and then
 *  `.reshape(-1, outputs)`. `test/reference/weights.py` does all of it for a whole network. */

import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { writeWholeFile } from '../whole-file.js';
import { type Architecture, type Model, modelOf, type Weights } from './models.js';
import { decodeTensors, encodeTensors, type NamedArray, type TensorFile } from './safetensors.js';

/** Writes the weights of a model, whole or not at all. The header names the architecture. */
export async function saveClassifier<W extends Weights>(
  path: string,
  { architecture, weights }: Model<W>,
): Promise<void> {
  const metadata = { architecture: architecture.name };
  const bytes = encodeTensors({ tensors: arraysOf(architecture, weights), metadata });
  await writeWholeFile(path, bytes).catch((cause) => {
    throw new UserError(`expected to write ${path}, got ${cause.code ?? cause.message}`, {
      hint: 'Make the folder first, and check that you may write there and that the disk has space.',
      cause,
    });
  });
}

/** A model with the weights of a file. The caller owns them.
 *  Throws UserError for a file that is missing, cut off or not safetensors, for weights of another
 *  architecture, and for a tensor that is missing, unknown, of another shape or type, or not
 *  finite. */
export async function loadClassifier<W extends Weights>(
  path: string,
  architecture: Architecture<W>,
): Promise<Model<W>> {
  const bytes = await readFile(path).catch((cause) => {
    throw new UserError(`expected a file of weights, got none at ${path}`, {
      hint: 'Paths in a notebook start from its folder.',
      cause,
    });
  });
  const contents = decodeTensors(bytes, path);
  const { architecture: name = architecture.name } = contents.metadata;
  if (name !== architecture.name) {
    throw new UserError(`expected weights of ${architecture.name}, got weights of ${name}`, {
      where: { file: path },
      hint: 'Load them with the architecture that they were saved from.',
    });
  }
  return modelOf(architecture, weightsOf(architecture, contents, path));
}

/** Weights as numbers, in the order of the layout. */
export function arraysOf<W extends Weights>(
  architecture: Architecture<W>,
  weights: W,
): { [name: string]: NamedArray } {
  const array = (name: string): [string, NamedArray] => {
    const weight = weights[name] as tf.Tensor;
    return [name, { shape: weight.shape, values: Float32Array.from(weight.dataSync()) }];
  };
  return Object.fromEntries(Object.keys(architecture.layout).map(array));
}

/** The tensors of a file as weights. Throws UserError as `loadClassifier`. */
export function weightsOf<W extends Weights>(
  architecture: Architecture<W>,
  { tensors }: TensorFile,
  file: string,
): W {
  const names = Object.keys(architecture.layout);
  const unknown = Object.keys(tensors).find((name) => !names.includes(name));
  const missing = names.find((name) => tensors[name] === undefined);
  if (missing !== undefined || unknown !== undefined) {
    const got = Object.keys(tensors).join(', ') || 'none';
    throw new UserError(`expected tensors ${names.join(', ')}, got ${got}`, {
      where: { file },
      hint: `Name the tensors as ${architecture.name} does.`,
    });
  }
  for (const name of names) checkArray(architecture, name, tensors[name] as NamedArray, file);
  const made = names.map((name) => {
    const { shape, values } = tensors[name] as NamedArray;
    return [name, tf.tensor(values, [...shape], 'float32')];
  });
  return Object.fromEntries(made) as W;
}

function checkArray<W extends Weights>(
  { layout, name: net }: Architecture<W>,
  name: string,
  { shape, values }: NamedArray,
  file: string,
): void {
  const wanted = layout[name]?.shape ?? [];
  const isConvolutional = Object.values(layout).some((weight) => weight.shape.length === 4);
  if (String(shape) !== String(wanted)) {
    throw new UserError(`expected ${name} of ${net} to be [${wanted}], got [${shape}]`, {
      where: { file },
      hint: transposeHint(shape, wanted, isConvolutional),
    });
  }
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) {
    throw new UserError(`expected finite numbers in ${name} of ${net}, got ${odd}`, {
      where: { file },
      hint: 'Train it again with a lower learning rate.',
    });
  }
}

/** With `weight.T` alone the shape would fit and the inputs would be in a wrong order. */
const AFTER_CONVOLUTION =
  'Right after a convolution: weight.view(outputs, channels, height, width)' +
  '.permute(2, 3, 1, 0).reshape(-1, outputs).';

function transposeHint(
  shape: readonly number[],
  wanted: readonly number[],
  isConvolutional: boolean,
): string {
  const [first, second, ...window] = shape;
  const moved = String([...window, second, first]) === String(wanted);
  if (!moved) return 'Take the architecture that the weights were trained for.';
  const isDense = window.length === 0;
  const how = isDense ? 'weight.T' : 'weight.permute(2, 3, 1, 0)';
  const turned = `PyTorch puts outputs first: save ${how}.contiguous() instead.`;
  if (!isDense || !isConvolutional) return turned;
  return `${turned} ${AFTER_CONVOLUTION}`;
}
