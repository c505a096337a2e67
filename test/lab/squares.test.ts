import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dataset,
  linearModel,
  modelOf,
  planeNet,
  squaresOf,
  startEngine,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Right of the line x = 0 is class 1. */
const line = () => linearModel([1, 0], 0);

describe('squaresOf', () => {
  const points = () =>
    dataset(
      'points',
      tf.tensor2d([
        [0.5, 0],
        [0.1, 1],
        [-0.2, -1],
        [0.3, 0],
      ]),
      [1, 1, 0, 0],
      2,
    );

  it('tells whose square a line cuts, and where', async () => {
    const squares = await squaresOf(line(), points(), 0.15);
    expect(squares.map(({ right }) => right)).toEqual([true, true, true, false]);
    expect(squares.map(({ kept }) => kept)).toEqual([true, false, true, false]);
    expect(squares[1]).toMatchObject({ y: 1, label: 1 });
    expect(squares[1]?.worst.x).toBeCloseTo(-0.05, 6);
    expect(squares[2]?.worst.x).toBeCloseTo(-0.05, 6);
  });

  it('finds the corners that reach over a bent boundary, and keeps no tensor', async () => {
    // |x| + |y| < 1 is class 1: a square around the origin leaves it at its corners.
    const units = {
      w1: tf.tensor2d([
        [1, -1, 0, 0],
        [0, 0, 1, -1],
      ]),
      b1: tf.zeros([4]),
    };
    const top = {
      w2: tf.tensor2d([
        [0, -1],
        [0, -1],
        [0, -1],
        [0, -1],
      ]),
      b2: tf.tensor1d([0, 1]),
    };
    const diamond = modelOf(planeNet(4), { ...units, ...top } as never);
    const origin = dataset('origin', tf.tensor2d([[0, 0]]), [1], 2);
    const before = tf.memory().numTensors;
    const [small, large] = [
      await squaresOf(diamond, origin, 0.4),
      await squaresOf(diamond, origin, 0.6),
    ];
    expect(tf.memory().numTensors).toBe(before);
    expect([small[0]?.kept, large[0]?.kept]).toEqual([true, false]);
    expect(Math.abs(large[0]?.worst.x as number)).toBeCloseTo(0.6, 6);
    expect(Math.abs(large[0]?.worst.y as number)).toBeCloseTo(0.6, 6);
  });
});
