/** One whole process for the bench: milliseconds for an input gradient and for a training step of
 *  madry-cnn, batch 100, as JSON. The trained models go to the cache that MARGINALIA_CACHE names. */

import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { lossGradient, madryCnn, mnist, startEngine, trained } from '../dist/index.js';

const BATCH = 100;
const STEPS = 30;

await startEngine({ processes: 1 }); // nothing else computes
const { train } = await mnist({ train: BATCH * STEPS, test: 1 });
/** @param {number} seed */
const training = (seed) => trained(madryCnn(), train, { epochs: 1, seed, batchSize: BATCH });

const model = await training(1); // warm-up
const started = performance.now();
await training(2);
const step = (performance.now() - started) / STEPS;

const batch = train.take(BATCH);
const y = tf.tensor1d(batch.y, 'int32');
const times = [];
for (let i = 0; i < STEPS; i++) {
  const start = performance.now();
  tf.dispose(Object.values(lossGradient(model, batch.x, y)));
  if (i >= 5) times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const gradient = times[Math.floor(times.length / 2)];
process.stdout.write(`${JSON.stringify({ step, gradient })}\n`);
