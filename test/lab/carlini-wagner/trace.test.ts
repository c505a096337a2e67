import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { descentTrace, linearModel, startEngine } from '../../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Class 1 where the second pixel is above the first; both pixels may go up to 1. */
const model = () => linearModel([-10, 10], 0);
const image = () => tf.tensor2d([[0.6, 0.2]]);
const slow = { c: 1, lr: 0.05, steps: 60 } as const;

describe('descentTrace', () => {
  it('ends near the closest point of the target', async () => {
    for (const constraint of ['change-of-variables', 'clipped', 'projected'] as const) {
      const { distance, reached } = await descentTrace(model(), image(), [1], {
        ...slow,
        constraint,
      });
      const near = distance.flatMap(([length = 0], t) => (reached[t]?.[0] ? [length] : []));
      expect(Math.min(...near), constraint).toBeGreaterThan(0.4 / Math.SQRT2 - 1e-4);
      expect(Math.min(...near), constraint).toBeLessThan(0.32);
    }
  });

  it('has a row for the start and one for each step', async () => {
    const trace = await descentTrace(model(), image(), [1], { ...slow, steps: 3 });
    expect(trace.objective).toHaveLength(4);
    expect(trace.iterates).toHaveLength(4);
    expect(trace.removed).toHaveLength(3);
    expect(trace.f[0]?.[0]).toBeCloseTo(4, 3);
    expect(trace.distance[0]?.[0]).toBeCloseTo(0, 5);
  });

  it('moves nothing where only the distance counts', async () => {
    const { distance } = await descentTrace(model(), image(), [1], {
      ...slow,
      c: 0,
      constraint: 'projected',
    });
    expect(Math.max(...distance.flat())).toBe(0);
  });

  it('leaves the box without a constraint, and with a clipped one in the free variable alone', async () => {
    const far = { c: 100, lr: 0.3, steps: 10 } as const;
    const free = await descentTrace(model(), image(), [1], { ...far, constraint: 'none' });
    expect(free.iterates.at(-1)?.max().dataSync()[0]).toBeGreaterThan(1);
    const clipped = await descentTrace(model(), image(), [1], { ...far, constraint: 'clipped' });
    expect(clipped.iterates.at(-1)?.max().dataSync()[0]).toBeLessThanOrEqual(1);
    expect(clipped.points.some((point) => Math.max(...point.dataSync()) > 1)).toBe(true);
    const outside = Math.max(...clipped.outside);
    expect(outside).toBeGreaterThan(0);
    expect(clipped.still[clipped.outside.indexOf(outside)]).toBe(outside);
  });

  it('tells what the projection takes back, and where tanh is flat', async () => {
    const black = tf.tensor2d([[0, 0.2]]);
    const inside = await descentTrace(model(), tf.tensor2d([[0.6, 0.5]]), [1], {
      ...slow,
      lr: 0.005,
      constraint: 'projected',
    });
    expect(Math.max(...inside.removed)).toBeLessThan(0.01); // rounding
    const walled = await descentTrace(model(), black, [0], {
      ...slow,
      c: 5,
      constraint: 'projected',
    });
    expect(Math.max(...walled.removed)).toBeGreaterThan(0.5);
    const inW = await descentTrace(model(), black, [1], slow);
    expect(Math.max(...inW.still)).toBe(0);
  });

  it('takes a c and a step size of each image', async () => {
    const settings = [
      { c: 1, lr: 0.05 },
      { c: 20, lr: 0.01 },
    ];
    const both = await descentTrace(model(), tf.tile(image(), [2, 1]), [1, 1], {
      ...slow,
      c: settings.map(({ c }) => c),
      lr: settings.map(({ lr }) => lr),
    });
    for (const [i, own] of settings.entries()) {
      const { objective } = await descentTrace(model(), image(), [1], { ...slow, ...own });
      expect(both.objective.map((row) => row[i])).toEqual(objective.map(([J]) => J));
    }
    const refused = descentTrace(model(), image(), [1], { ...slow, c: [1, 2] });
    await expect(refused).rejects.toThrow(
      'expected c as one number, or as 1, one for each image, got 2',
    );
  });

  it('leaves no tensor behind but the images', async () => {
    const x = image();
    const net = model();
    const before = tf.memory().numTensors;
    const trace = await descentTrace(net, x, [1], { ...slow, optimizer: 'momentum' });
    tf.dispose([...trace.iterates, ...trace.points]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
