import { describe, expect, it } from 'vitest';
import { renderGrid } from '../../../src/press/render/grid.js';
import { picture } from './sample-document.js';

const triple = [
  picture({ above: 'label 3' }),
  picture({}, true),
  picture({ below: '8, 91 %', wrong: true }),
];
const scales = (html: string): number[] =>
  ['scale', 'narrow'].map((name) => Number(new RegExp(`--${name}:([\\d.]+)`).exec(html)?.[1]));

describe('a grid', () => {
  it('enlarges by whole numbers, less where the page is narrow', () => {
    const html = renderGrid({ rows: [triple], signs: ['+', '='], scale: 5 }, '', 'screen');
    expect(scales(html)).toEqual([5, 3]);
  });

  it('shrinks a wide row to the column, never below one', () => {
    const row = Array.from({ length: 11 }, () => picture());
    expect(scales(renderGrid({ rows: [row], heads: ['a'], scale: 4.7 }, '', 'screen'))).toEqual([
      1, 1,
    ]);
    expect(
      scales(renderGrid({ rows: [row.slice(0, 7)], heads: ['a'], scale: 4.7 }, '', 'screen')),
    ).toEqual([2, 1]);
  });

  it('prints signs between columns, heads above, wrong answers marked', () => {
    const html = renderGrid(
      { rows: [triple], signs: ['+', '='], heads: ['a', 'b', 'c'], scale: 2 },
      'two & two',
      'screen',
    );
    expect(html.match(/grid-sign/g)).toHaveLength(2);
    expect(html.match(/grid-head/g)).toHaveLength(3);
    expect(html).toMatch(/grid-cell wrong">.*8, 91\u202f%/);
    expect(html).toContain('role="img" aria-label="two &amp; two"');
  });

  it('takes no picture that is not base64', () => {
    const html = renderGrid(
      { rows: [[{ ...picture(), png: '"><script>' }]], scale: 1 },
      '',
      'screen',
    );
    expect(html).not.toContain('<script');
  });
});
