import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { minimiseInBox } from '../../src/attacks/box-lbfgs.js';
import { holding } from '../../src/attacks/held.js';
import { startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

/** Σ weightᵢ (xᵢ − goalᵢ)² of each problem: even, stretched 1,000 times in one direction, with its
 *  lowest point outside the box, and with no better point than the start. */
const PROBLEMS = [
  { weight: [1, 1], goal: [0.5, 0.25], lowest: [0.5, 0.25] },
  { weight: [1, 1000], goal: [0.9, 0.3], lowest: [0.9, 0.3] },
  { weight: [1, 1], goal: [0.5, 3], lowest: [0.5, 1] },
  { weight: [1, 1], goal: [-1, -1], lowest: [0, 0] },
];

/** From [0, 0] in the box [0, 1]; `passes` has the rows of each evaluation. */
async function solve(problems: typeof PROBLEMS) {
  const passes: number[][] = [];
  const of = (rows: readonly number[], key: 'weight' | 'goal') =>
    tf.tensor2d(rows.map((row) => problems[row]?.[key] as number[]));
  const f = async (x: tf.Tensor2D, rows: readonly number[]) => {
    passes.push([...rows]);
    const [value, gradient] = tf.tidy(() => {
      const off = tf.sub(x, of(rows, 'goal'));
      const pull = tf.mul(of(rows, 'weight'), off);
      return [tf.sum(tf.mul(pull, off), 1), tf.mul(pull, 2)];
    }) as [tf.Tensor1D, tf.Tensor2D];
    return { value, gradient };
  };
  const start = tf.zeros([problems.length, 2]) as tf.Tensor2D;
  const options = { box: [0, 1], iterations: 60 } as const;
  const points = await holding(async (held) =>
    (await minimiseInBox(f, start, options, held)).array(),
  );
  start.dispose();
  return { points, passes };
}

it('finds the lowest point of each problem in the box', async () => {
  const { points } = await solve(PROBLEMS);
  PROBLEMS.forEach(({ lowest }, row) => {
    for (const k of [0, 1]) expect(points[row]?.[k]).toBeCloseTo(lowest[k] as number, 3);
  });
});

it('moves each row as if it were alone', async () => {
  const { points } = await solve(PROBLEMS);
  for (const [row, problem] of PROBLEMS.entries()) {
    const alone = (await solve([problem])).points[0] as number[];
    for (const k of [0, 1]) expect(points[row]?.[k]).toBeCloseTo(alone[k] as number, 6);
  }
});

it('evaluates only the rows that still search', async () => {
  const { passes } = await solve(PROBLEMS);
  expect(passes[0]).toEqual([0, 1, 2, 3]);
  const ofStart = passes.filter((rows) => rows.includes(3)).length;
  expect(ofStart).toBeLessThan(8); // the start, and the lengths of one step
  expect(passes.length).toBeGreaterThan(ofStart);
  expect(passes.at(-1)).not.toContain(0);
});

it('leaves no tensor behind', async () => {
  await solve(PROBLEMS);
  const before = tf.memory().numTensors;
  await solve(PROBLEMS);
  expect(tf.memory().numTensors).toBe(before);
});
