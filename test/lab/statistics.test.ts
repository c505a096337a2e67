import { describe, expect, it } from 'vitest';
import { linearFit, spread, wilsonInterval } from '../../src/lab/index.js';

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
    expect(interval[0]).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 6);
    expect(interval[1]).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 6);
  });

  it('of one value has no width, and of none is refused', () => {
    expect(spread([5])).toEqual({ mean: 5, deviation: 0, interval: [5, 5], n: 1 });
    expect(() => spread([])).toThrow(/at least one value/);
  });
});
