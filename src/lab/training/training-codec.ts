/** A finished training as the bytes of a safetensors file. */

import type { Codec } from '../memo.js';
import type { Architecture, Weights } from '../models.js';
import { decodeTensors, encodeTensors, type TensorFile } from '../safetensors.js';
import { arraysOf, weightsOf } from '../weight-file.js';
import type { TrainingRun } from './loop.js';

/** Writes and reads the weights of one architecture, and how the training went. Those on the way are
 *  the tensors `600/w1`. */
export function trainingCodec<W extends Weights>(
  architecture: Architecture<W>,
): Codec<TrainingRun<W>> {
  const read = (tensors: TensorFile['tensors']): W =>
    weightsOf(architecture, { tensors, metadata: {} }, 'cache');
  return {
    encode: ({ weights, snapshots, ...record }) => {
      const onTheWay = snapshots?.flatMap((one) =>
        Object.entries(arraysOf(architecture, one.weights)).map(
          ([name, array]) => [`${one.step}/${name}`, array] as const,
        ),
      );
      const steps = snapshots?.map(({ step }) => step);
      return encodeTensors({
        tensors: { ...arraysOf(architecture, weights), ...Object.fromEntries(onTheWay ?? []) },
        metadata: {
          architecture: architecture.name,
          record: JSON.stringify({ ...record, steps }),
        },
      });
    },
    decode: (bytes) => {
      const { tensors, metadata } = decodeTensors(bytes, 'cache');
      const { steps, ...record } = JSON.parse(metadata.record as string);
      const weights = read(within(tensors, ''));
      if (steps === undefined) return { ...record, weights };
      const snapshots = (steps as number[]).map((step) => ({
        step,
        weights: read(within(tensors, `${step}/`)),
      }));
      return { ...record, weights, snapshots };
    },
  };
}

/** The tensors whose names are the prefix and one more word, without the prefix. */
function within(tensors: TensorFile['tensors'], prefix: string): TensorFile['tensors'] {
  const kept = Object.entries(tensors).flatMap(([path, array]) => {
    const name = path.slice(prefix.length);
    return path.startsWith(prefix) && !name.includes('/') ? [[name, array] as const] : [];
  });
  return Object.fromEntries(kept);
}
