import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { optimizerOf } from '../../src/lab/training/optimizer.js';

const GRADIENTS = [
  [0.5, -2, 1e-3],
  [-0.25, 1, 3],
  [4, 0, -1e-4],
  [0.1, 0.1, 0.1],
];

/** Takes the same steps with our Adam and that of TensorFlow.js, and leaves no tensor. */
export function expectAdamAsInTensorFlowJs(): void {
  const before = tf.memory().numTensors;
  const start = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
  const [ours, theirs] = [start(), start()];
  const optimizer = optimizerOf({ kind: 'adam', lr: 0.1 }, { w: ours });
  const reference = tf.train.adam(0.1, 0.9, 0.999, 1e-8);
  for (const [i, values] of GRADIENTS.entries()) {
    tf.tidy(() => {
      const g = tf.tensor1d(values);
      optimizer.apply({ w: g }, i + 1, 0);
      reference.applyGradients([{ name: theirs.name, tensor: g }]);
    });
    const wanted = theirs.dataSync();
    for (const [j, value] of ours.dataSync().entries()) {
      expect(value).toBeCloseTo(wanted[j] as number, 5);
    }
  }
  for (const slot of Object.values(optimizer.slots)) slot.dispose();
  reference.dispose();
  tf.dispose([ours, theirs]);
  expect(tf.memory().numTensors).toBe(before);
}
