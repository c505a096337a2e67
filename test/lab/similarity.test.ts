import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { random, startEngine, structuralSimilarity } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

const constant = (value: number) => tf.fill([1, 28, 28, 1], value);
const grey = () => tf.tensor4d(random(3).uniform(2 * 784), [2, 28, 28, 1]);

describe('structuralSimilarity', () => {
  it('is 1 for equal images, and below for others', async () => {
    const x = grey();
    expect(await structuralSimilarity(x, x)).toEqual([1, 1]);
    const swapped = tf.concat([tf.slice(x, 1, 1), tf.slice(x, 0, 1)]);
    for (const value of await structuralSimilarity(x, swapped)) expect(value).toBeLessThan(0.2);
  });

  it('is (2ab + C₁) / (a² + b² + C₁) for even images', async () => {
    const [a, b, c1] = [51, 102, (0.01 * 255) ** 2]; // 0.2 and 0.4 in 8 bits
    const [value] = await structuralSimilarity(constant(0.2), constant(0.4));
    expect(value).toBeCloseTo((2 * a * b + c1) / (a * a + b * b + c1), 10);
  });

  it('falls as noise grows', async () => {
    const x = grey();
    const signs = tf.tensor4d(random(4).signs(2 * 784), [2, 28, 28, 1]);
    const values: number[] = [];
    for (const eps of [0.01, 0.05, 0.1, 0.25]) {
      const moved = tf.clipByValue(tf.add(x, tf.mul(signs, eps)), 0, 1);
      values.push((await structuralSimilarity(x, moved))[0] as number);
    }
    expect(values).toEqual([...values].sort((p, q) => q - p));
    expect(values[0]).toBeGreaterThan(0.99);
    expect(values[3]).toBeLessThan(0.9);
  });

  it('refuses colours, small images, unlike shapes and pixels outside the scale', async () => {
    const small = tf.zeros([1, 7, 7, 1]);
    await expect(structuralSimilarity(small, small)).rejects.toThrow(/11 × 11 pixels or more/);
    const colour = tf.zeros([1, 28, 28, 3]);
    await expect(structuralSimilarity(colour, colour)).rejects.toThrow(/expected grey images/);
    await expect(structuralSimilarity(grey(), constant(0))).rejects.toThrow(
      /expected the shape \[2,28,28,1\], got \[1,28,28,1\]/,
    );
    await expect(structuralSimilarity(constant(0), constant(1.1))).rejects.toThrow(
      /expected pixels in \[0, 1\], got 1.1/,
    );
  });
});
