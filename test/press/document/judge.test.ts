import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/press/document/judge.js';
import type { LedgerRule } from '../../../src/press/document/types.js';
import type { Values } from '../../../src/press/document/values.js';

const values: Values = new Map(
  Object.entries({
    error: 0.996,
    clean: 0.08,
    noise: 0.09,
    near: 0.89996,
    grain: 1.785 + 4e-16,
    ten: 10.2,
  }).map(([name, value]) => [
    name,
    {
      published: {
        kind: 'value' as const,
        name,
        value,
        ...(name === 'error' && { interval: [0.994, 0.998] as const }),
        ...(name === 'ten' && { unit: 'nats' }),
      },
      where: { file: 'test.ipynb', cell: 2 },
      element: 'cell-a',
    },
  ]),
);

const rule = (value: string, op: LedgerRule['op'], than: number | string, as = 'percent 1') => ({
  value,
  op,
  than,
  as,
  ...(op === 'within' && { tolerance: 0.02 }),
});

const CASES: readonly [title: string, rules: LedgerRule[], verdict: string, texts: string[]][] = [
  ['at least', [rule('error', '>=', 0.99)], 'holds', ['99.6 % ≥ 99.0 %']],
  ['at least, missed', [rule('error', '>=', 0.999)], 'differs', ['99.6 % < 99.9 %']],
  ['at most', [rule('clean', '<=', 'noise')], 'holds', ['8.0 % ≤ 9.0 %']],
  ['at most, missed', [rule('noise', '<=', 'clean')], 'differs', ['9.0 % > 8.0 %']],
  ['within', [rule('error', 'within', 0.999)], 'holds', ['99.6 % within 2.0 % of 99.9 %']],
  ['within, just', [rule('clean', 'within', 0.1)], 'holds', ['8.0 % within 2.0 % of 10.0 %']],
  [
    'within, missed',
    [rule('clean', 'within', 0.2)],
    'differs',
    ['8.0 % not within 2.0 % of 20.0 %'],
  ],
  ['equal is enough', [rule('clean', '>=', 0.08)], 'holds', ['8.0 % ≥ 8.0 %']],
  ['the point value counts', [rule('error', '>=', 0.995)], 'holds', ['99.6 % ≥ 99.5 %']],
  ['digits enough to tell', [rule('near', '>=', 0.9)], 'differs', ['89.996 % < 90.000 %']],
  ['rounding is not told', [rule('grain', '>=', 1.785)], 'holds', ['178.5 % ≥ 178.5 %']],
  [
    'one of two',
    [rule('error', '>=', 0.99), rule('clean', '>=', 0.5)],
    'holds in part',
    ['99.6 % ≥ 99.0 %', '8.0 % < 50.0 %'],
  ],
];

describe('a verdict', () => {
  test.each(CASES)('%s', (_title, rules, verdict, texts) => {
    const judgement = judge(rules, values);
    expect(judgement.verdict).toBe(verdict);
    const checks = 'checks' in judgement ? judgement.checks : [];
    expect(checks.map(({ text }) => text.replaceAll('\u202f', ' '))).toEqual(texts);
  });

  test('both sides keep their published names', () => {
    const judgement = judge([rule('clean', '<=', 'noise'), rule('clean', '<=', 1)], values);
    const checks = 'checks' in judgement ? judgement.checks : [];
    expect(checks.map(({ name, thanName }) => [name, thanName])).toEqual([
      ['clean', 'noise'],
      ['clean', undefined],
    ]);
  });

  test('the interval stands beside the value', () => {
    const judgement = judge([rule('error', '>=', 0.5), rule('ten', '>=', 1, '')], values);
    expect(judgement).toMatchObject({ here: expect.any(String) });
    const here = 'here' in judgement ? judgement.here : '';
    expect(here.replaceAll('\u202f', ' ')).toBe('99.6 % [99.4 %, 99.8 %]; 10.2 nats');
  });

  test('a missing value is not a difference', () => {
    expect(judge([rule('error', '>=', 0.5), rule('lost', '>=', 'gone')], values)).toEqual({
      verdict: 'not tested here',
      open: 'No cell published lost, gone.',
    });
  });
});
