import { describe, expect, it } from 'vitest';
import type { TableFormat } from '../../../src/mime.js';
import { cellText, renderTableBody } from '../../../src/press/render/table.js';

describe('a cell', () => {
  it.each<[number | string | null, TableFormat, string]>([
    [0.0771, { as: 'percent', digits: 1 }, '7.7'],
    [190_810, { as: 'integer' }, '190\u202f810'],
    [-0.5, { as: 'fixed', digits: 3 }, '−0.500'],
    [null, { as: 'fixed', digits: 1 }, '–'],
    [Number.NaN, { as: 'fixed', digits: 1 }, '–'],
    [Number.POSITIVE_INFINITY, { as: 'fixed', digits: 1 }, '∞'],
    ['abc', { as: 'integer' }, 'abc'],
  ])('%j as %j is %s', (value, format, text) => {
    expect(cellText(value, { key: 'k', title: 'T', format })).toBe(text);
  });
});

it('has its unit in the head, once, and no markup from the data', () => {
  const html = renderTableBody({
    columns: [
      { key: 'm', title: '<b>', format: { as: 'text' } },
      { key: 'e', title: 'Error', format: { as: 'percent', digits: 1 } },
    ],
    rows: [{ m: '<img>', e: 0.5 }],
  });
  expect(html).toContain('Error <span class="unit">%</span>');
  expect(html).toContain('<td class="number">50.0</td>');
  expect(html).not.toMatch(/<b>|<img>/);
});
