/** The plain engine keeps the numbers below 2⁻¹²⁶ that the native one rounds to zero. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { gradientHealth, linearModel, startEngine } from '../../src/lab/index.js';

it('a gradient of e⁻⁹⁵ has underflowed', async () => {
  process.env.MARGINALIA_ENGINE = 'cpu';
  await startEngine();
  const x = tf.tensor2d([
    [80, 1],
    [95, 1],
  ]);
  const report = await gradientHealth(linearModel([1, 0], 0), x, [1, 1]);
  expect(report.map(({ zero, underflowed }) => [zero, underflowed])).toEqual([
    [0.5, 0],
    [0.5, 0.5],
  ]);
});
