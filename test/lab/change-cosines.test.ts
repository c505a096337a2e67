import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { changeCosines, startEngine } from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

it('compares the changes of two attacks, image by image', async () => {
  const x = tf.tensor4d([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [3, 1, 2, 1]);
  const a = tf.tensor4d([0.6, 0.5, 0.6, 0.6, 0.5, 0.5], [3, 1, 2, 1]);
  const b = tf.tensor4d([0.5, 0.9, 0.7, 0.7, 0.6, 0.6], [3, 1, 2, 1]);
  const cosines = await changeCosines(x, a, b);
  expect(cosines[0]).toBeCloseTo(0, 6);
  expect(cosines[1]).toBeCloseTo(1, 6);
  expect(cosines[2]).toBeNaN(); // the first attack left the third image as it was
});
