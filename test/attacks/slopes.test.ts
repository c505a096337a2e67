import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Classifier } from '../../src/attacks/index.js';
import { entry } from '../../src/attacks/logits.js';
import { type OfLogits, slopes } from '../../src/attacks/slopes.js';
import { madryCnn, modelOf, random, startEngine, uniformTensor } from '../../src/lab/index.js';
import { startWeights } from '../../src/lab/models.js';

let net: Classifier;
beforeAll(async () => {
  await startEngine();
  net = modelOf(madryCnn(2), startWeights(madryCnn(2), random(3)));
});

const entryOf =
  (k: number): OfLogits =>
  (Z) =>
    entry(Z, tf.fill([4], k, 'int32'));
const classes = [0, 3, 3, 9];

it('gives what tf.grad gives for each function alone', () => {
  const x = uniformTensor([4, 28, 28, 1], 5);
  const { Z, slopes: found } = slopes(net, x, classes.map(entryOf));
  expect([...Z.dataSync()]).toEqual([...net.logits(x).dataSync()]);
  const alone = classes.map((k) => tf.grad((xt) => tf.sum(entryOf(k)(net.logits(xt))))(x));
  expect(found.map((slope) => [...slope.dataSync()])).toEqual(
    alone.map((slope) => [...slope.dataSync()]),
  );
});

it('runs the model once, and leaves nothing behind but what it gives', () => {
  let runs = 0;
  const counted: Classifier = {
    ...net,
    logits: (x) => {
      runs++;
      return net.logits(x);
    },
  };
  const x = uniformTensor([4, 28, 28, 1], 5);
  const before = tf.memory().numTensors;
  const { Z, slopes: found } = slopes(counted, x, classes.map(entryOf));
  expect(runs).toBe(1);
  tf.dispose([Z, ...found]);
  expect(tf.memory().numTensors).toBe(before);
});
