import { expect, test } from 'vitest';
import { formatNumber, parseFilter } from '../../../src/press/document/format-number.js';

/** Spaces stand for the narrow no-break space. */
const FORMATS: readonly [number: number, filter: string, text: string][] = [
  [0.996, 'percent 1', '99.6 %'],
  [0.996, 'percent', '99.6 %'],
  [0.5, 'percent 0', '50 %'],
  [0.07, 'percent 1', '7.0 %'],
  [-0.0004, 'percent 1', '0.0 %'],
  [12.345, 'percent 1', '1 234.5 %'],
  [2.345, 'fixed 1', '2.3'],
  [-2.5, 'fixed 2', '−2.50'],
  [1234567.891, 'fixed 1', '1 234 567.9'],
  [0.000123, 'significant 2', '0.00012'],
  [0.9996, 'significant 3', '1.00'],
  [123456, 'significant 2', '120 000'],
  [0, 'significant 3', '0'],
  [60000, 'integer', '60 000'],
  [999, 'integer', '999'],
  [1e15, 'integer', '1 000 000 000 000 000'],
  [-1234.6, 'integer', '−1 235'],
  [0, 'scientific 1', '0'],
  [1.234e-5, 'scientific 1', '1.2 × 10⁻⁵'],
  [-6.02e23, 'scientific 2', '−6.02 × 10²³'],
  [9.96e-7, 'scientific 1', '1.0 × 10⁻⁶'],
  [784, '', '784'],
  [60000, '', '60 000'],
  [0.95257, '', '0.953'],
  [1.2e-7, '', '1.20 × 10⁻⁷'],
  [3e9 + 0.5, '', '3.00 × 10⁹'],
];

test.each(FORMATS)('%d as “%s” is %s', (number, filterText, text) => {
  const filter = parseFilter(filterText);
  expect(filter).not.toBeNull();
  if (filter === null) return;
  const narrow = text.includes('×') ? text : text.replaceAll(' ', '\u202f');
  expect(formatNumber(number, filter)).toBe(narrow);
});

test.each(['percents', 'fixed -1', 'fixed 13', 'fixed 1.5', 'significant 0', 'percent 1 2'])(
  '“%s” is no filter',
  (text) => {
    expect(parseFilter(text)).toBeNull();
  },
);
