import { describe, expect, it } from 'vitest';
import { correlation, linearFit, quantile, spread, wilsonInterval } from '../../src/lab/index.js';

describe('wilsonInterval', () => {
  // From Newcombe 1998, table I (Wilson score method without continuity correction).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (successes, n, low, high) => {
    const [a, b] = wilsonInterval(successes, n);
    expect(a).toBeCloseTo(low, 4);
    expect(b).toBeCloseTo(high, 4);
  });

  it('refuses no observations', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(/n > 0, got 0 of 0/);
  });
});

describe('linearFit', () => {
  it('finds a line exactly', () => {
    const x = [1, 2, 4, 8];
    const fit = linearFit(
      x,
      x.map((value) => 3 - 0.5 * value),
    );
    expect(fit.slope).toBeCloseTo(-0.5, 12);
    expect(fit.intercept).toBeCloseTo(3, 12);
    expect(fit.r2).toBeCloseTo(1, 12);
  });

  it('says how much of the variance the line leaves', () => {
    // Mean 2, slope 0: the line explains nothing.
    expect(linearFit([0, 1, 2], [1, 4, 1])).toEqual({ slope: 0, intercept: 2, r2: 0 });
  });

  it('refuses one x', () => {
    expect(() => linearFit([1, 1], [1, 2])).toThrow(/two or more points/);
  });
});

describe('spread', () => {
  it('gives mean, deviation and the t interval', () => {
    const { mean, deviation, interval, n } = spread([1, 2, 3]);
    expect([mean, deviation, n]).toEqual([2, 1, 3]);
    expect(interval?.[0]).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 6);
    expect(interval?.[1]).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 6);
  });

  it('of one value has neither deviation nor interval, and of none is refused', () => {
    expect(spread([5])).toEqual({ mean: 5, n: 1 });
    expect(() => spread([])).toThrow(/at least one value/);
  });
});

describe('quantile', () => {
  it('interpolates between the sorted values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect([0, 1].map((share) => quantile([3, 1, 2], share))).toEqual([1, 3]);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('refuses no values, and a share outside [0, 1]', () => {
    expect(() => quantile([], 0.5)).toThrow(/got 0, 0.5/);
    expect(() => quantile([1], 1.5)).toThrow(/got 1, 1.5/);
  });
});

describe('correlation', () => {
  it('is ±1 on a line, and 0 where a line explains nothing', () => {
    expect(correlation([0, 1, 2], [1, 3, 5])).toBeCloseTo(1, 12);
    expect(correlation([0, 1, 2], [5, 3, 1])).toBeCloseTo(-1, 12);
    expect(correlation([0, 1, 2], [1, 4, 1])).toBeCloseTo(0, 12);
  });

  it('has the value worked out by hand', () => {
    // Deviations (−1, 0, 1) and (−1, 1, 0): 1 / √(2 · 2).
    expect(correlation([1, 2, 3], [0, 2, 1])).toBeCloseTo(0.5, 12);
  });
});
