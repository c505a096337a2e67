import { describe, expect, it } from 'vitest';
import { ends, overSeeds, share, spread, wilsonInterval } from '../../src/lab/index.js';

describe('a measured share', () => {
  it("of n observations has Wilson's interval", () => {
    expect(share(30, 40)).toEqual({ value: 0.75, interval: wilsonInterval(30, 40), n: 40 });
  });

  it("over seeds has Student's interval, which stays within [0, 1]", () => {
    const { value, interval, n, seeds } = overSeeds([0.5, 0.9, 1], 100);
    expect(value).toBeCloseTo(0.8, 12);
    expect([n, seeds, interval?.[1]]).toEqual([100, 3, 1]);
    expect(interval?.[0]).toBe(spread([0.5, 0.9, 1]).interval?.[0]);
  });

  it('over one seed has no interval', () => {
    expect(overSeeds([0.5], 100)).toEqual({ value: 0.5, n: 100, seeds: 1 });
  });

  it('counts only the seeds whose share exists', () => {
    expect(overSeeds([Number.NaN, 0.5], 100)).toEqual({ value: 0.5, n: 100, seeds: 1 });
    expect(() => overSeeds([Number.NaN], 100)).toThrow(/at least one value/);
  });

  it('gives the ends of its interval to a table, and empty cells where there is none', () => {
    expect(ends({ value: 0.5, interval: [0.4, 0.6] })).toEqual({ low: 0.4, high: 0.6 });
    expect(ends({ value: 0.5 })).toEqual({ low: null, high: null });
  });
});
