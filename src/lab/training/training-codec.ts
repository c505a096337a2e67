/** A finished training as the bytes of a safetensors file. */

import type { Codec } from '../memo.js';
import type { Architecture, Weights } from '../models.js';
import { decodeTensors, encodeTensors } from '../safetensors.js';
import { arraysOf, weightsOf } from '../weight-file.js';
import type { TrainingRun } from './loop.js';

/** Writes and reads the weights of one architecture, and how the training went. */
export function trainingCodec<W extends Weights>(
  architecture: Architecture<W>,
): Codec<TrainingRun<W>> {
  return {
    encode: ({ weights, ...record }) =>
      encodeTensors({
        tensors: arraysOf(architecture, weights),
        metadata: { architecture: architecture.name, record: JSON.stringify(record) },
      }),
    decode: (bytes) => {
      const file = decodeTensors(bytes, 'cache');
      const record = JSON.parse(file.metadata.record as string);
      return { ...record, weights: weightsOf(architecture, file, 'cache') };
    },
  };
}
