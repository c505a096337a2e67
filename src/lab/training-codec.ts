/** A finished training as bytes: a line of JSON, then the weights as float32, little-endian. */

import * as tf from '@tensorflow/tfjs-core';
import type { Codec } from './memo.js';
import type { Architecture, WeightLayout, Weights } from './models.js';

export interface TrainingRun<W extends Weights> {
  readonly weights: W;
  readonly epochLoss: readonly number[];
}

/** Writes and reads the weights of one architecture in the order of its layout. */
export function trainingCodec<W extends Weights>(
  architecture: Architecture<W>,
): Codec<TrainingRun<W>> {
  const layout = Object.entries(architecture.layout as { [name: string]: WeightLayout });
  return {
    encode: ({ weights, epochLoss }) => {
      const values = layout.map(([name]) => bytesOf((weights[name] as tf.Tensor).dataSync()));
      return Buffer.concat([Buffer.from(`${JSON.stringify({ epochLoss })}\n`), ...values]);
    },
    decode: (bytes) => {
      const newline = bytes.indexOf(0x0a);
      const { epochLoss } = JSON.parse(bytes.toString('utf8', 0, newline));
      // A copy, because float32 numbers must start at a multiple of four bytes.
      const values = new Float32Array(Uint8Array.from(bytes.subarray(newline + 1)).buffer);
      let start = 0;
      const weights: { [name: string]: tf.Tensor } = {};
      for (const [name, { shape }] of layout) {
        const size = shape.reduce((product, length) => product * length, 1);
        weights[name] = tf.tensor(values.subarray(start, start + size), [...shape], 'float32');
        start += size;
      }
      if (start !== values.length) throw new Error('weights of another architecture');
      return { weights: weights as W, epochLoss };
    },
  };
}

function bytesOf(values: ArrayLike<number>): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}
