import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  carliniWagner,
  everyTarget,
  fgsm,
  targetCases,
  targetDistances,
} from '../../src/attacks/index.js';
import { startEngine } from '../../src/lab/index.js';
import { untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

it('is the attack on each image towards each other class, in one input', async () => {
  const { model, x, y } = untrained(3);
  const options = { steps: 20, searches: 2 };
  const { targets, result } = await everyTarget(carliniWagner, model, x, y, options);
  expect(targets).toEqual([...y].map((own) => [...Array(10).keys()].filter((k) => k !== own)));
  const alone = await carliniWagner(model, tf.slice(x, 1, 1), [y[1] as number], {
    ...options,
    target: [targets[1]?.[4] as number],
  });
  const distances = targetDistances({ targets, result }, 'l2');
  expect(distances.map((row) => row.length)).toEqual([9, 9, 9]);
  expect(distances[1]?.[4]).toBeCloseTo(alone.norms.l2[0] as number, 3);
});

it('leaves no tensor but the result', async () => {
  const { model, x, y } = untrained(2);
  const count = tf.memory().numTensors;
  const { result } = await everyTarget(fgsm, model, x, y, { eps: 0.1 });
  expect(result.xAdv.shape).toEqual([18, 28, 28, 1]);
  expect(tf.memory().numTensors).toBe(count + 1);
});

describe('cases', () => {
  const distances = [
    [1, 2, 3],
    [4, null, 2],
    [null, null, null],
    [null, 6, null],
  ];

  it('best: one target was reached', () => {
    expect(targetCases(distances).best).toEqual({ success: 3 / 4, distances: [1, 2, 6] });
  });

  it('average: every target is an attempt', () => {
    const { average } = targetCases(distances);
    expect(average).toEqual({ success: 6 / 12, distances: [1, 2, 3, 4, 2, 6] });
  });

  it('worst: all targets were reached', () => {
    expect(targetCases(distances).worst).toEqual({ success: 1 / 4, distances: [3] });
  });
});
