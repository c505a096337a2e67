import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BOX_CONSTRAINTS,
  dataset,
  OBJECTIVES,
  objectiveGrid,
  planeNet,
  startEngine,
  trained,
} from '../../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

const points = () =>
  dataset(
    'points',
    tf.tensor2d([
      [0.2, 0.5],
      [0.3, 0.4],
      [0.8, 0.5],
      [0.7, 0.6],
    ]),
    [0, 0, 1, 1],
    2,
  );

const settings = {
  searches: 2,
  steps: 25,
  initialC: 10,
  lr: { 'change-of-variables': 0.2, clipped: 0.1, projected: 0.1 },
} as const;

describe('objectiveGrid', () => {
  it('fills every cell once, and recalls it', async () => {
    const model = await trained(planeNet(8), points(), { epochs: 200, seed: 1, lr: 0.05 });
    const cells = await objectiveGrid(model, points(), settings);
    expect(cells.map(({ objective, constraint }) => `${objective} ${constraint}`)).toEqual(
      OBJECTIVES.flatMap((f) => BOX_CONSTRAINTS.map((box) => `${f} ${box}`)),
    );
    const f6 = cells.filter(({ objective }) => objective === 'f6');
    for (const { distances } of f6) {
      expect(distances).toHaveLength(4);
      for (const [towards] of distances) {
        expect(towards).toBeGreaterThan(0.05);
        expect(towards).toBeLessThan(0.6);
      }
    }
    let calls = 0;
    const counting = {
      ...model,
      logits: (x: tf.Tensor) => {
        calls++;
        return model.logits(x);
      },
    };
    expect(await objectiveGrid(counting, points(), settings)).toEqual(cells);
    expect(calls).toBe(0);
  });
});
