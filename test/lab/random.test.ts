import { describe, expect, it } from 'vitest';
import { random } from '../../src/lab/index.js';

const N = 20_000;

function moments(values: Float32Array): readonly [mean: number, variance: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, square / values.length];
}

describe('random', () => {
  it('repeats with the seed, goes on within a stream, differs between seeds', () => {
    const stream = random(1);
    const [first, second] = [stream.uniform(5), stream.uniform(5)];
    expect(random(1).uniform(10)).toEqual(Float32Array.from([...first, ...second]));
    expect(random(2).uniform(5)).not.toEqual(first);
  });

  it('draws uniform numbers', () => {
    const values = random(3).uniform(N, -1, 3);
    const [mean, variance] = moments(values);
    expect(mean).toBeCloseTo(1, 1);
    expect(variance).toBeCloseTo(16 / 12, 1);
    expect(values.every((value) => value >= -1 && value < 3)).toBe(true);
  });

  it('draws normal numbers', () => {
    const [mean, variance] = moments(random(3).normal(N, 5, 2));
    expect(mean).toBeCloseTo(5, 1);
    expect(variance / 4).toBeCloseTo(1, 1);
  });

  it('draws signs', () => {
    const values = random(3).signs(N);
    expect(new Set(values)).toEqual(new Set([-1, 1]));
    expect(moments(values)[0]).toBeCloseTo(0, 1);
  });

  it('shuffles every number to a new place', () => {
    const order = random(3).shuffle(1000);
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    expect(order.filter((value, i) => value === i).length).toBeLessThan(10);
  });

  it('refuses half a seed', () => {
    expect(() => random(0.5)).toThrow(/whole number as seed, got 0.5/);
  });
});
