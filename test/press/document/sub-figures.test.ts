import { describe, expect, test } from 'vitest';
import type { Output } from '../../../src/press/notebook/types.js';
import { code, composed, figure, markdown, publish, rulesOf, SPEC, show } from './notebooks.js';

const options = (subcaptions: string, alt: string) =>
  `//| label: fig-x\n//| fig-cap: Both.\n//| fig-subcap: ${subcaptions}\n//| fig-alt: ${alt}\nplot()`;
const grid = publish({ kind: 'grid', rows: [[{ png: 'AA', width: 1, height: 1 }]], scale: 2 });

function figureOf(source: string, outputs: Output[] = [figure(), grid], text = 'a') {
  const { blocks, problems } = composed([code(source, outputs), markdown(text)]);
  const [block] = blocks.filter(({ kind }) => kind === 'figure');
  const [prose] = blocks.filter(({ kind }) => kind === 'prose');
  const shown = prose?.kind === 'prose' ? show(prose.tokens) : '';
  return { block, shown, count: blocks.length, rules: rulesOf(problems) };
}

describe('figures of a cell with fig-subcap', () => {
  test('are the parts of one figure', () => {
    const { block, count, rules } = figureOf(options('["One, $x$", Two]', '[First, Second]'));
    const token = { type: 'text', tag: '', nesting: 0 };
    expect(block).toMatchObject({
      id: 'fig-x',
      number: '1',
      caption: [{ ...token, content: 'Both.' }],
      alt: '',
      body: {
        type: 'parts',
        parts: [
          { id: 'fig-x-a', letter: 'a', alt: 'First', body: { type: 'vega-lite', spec: SPEC } },
          {
            id: 'fig-x-b',
            letter: 'b',
            alt: 'Second',
            caption: [{ ...token, content: 'Two' }],
            body: { type: 'grid', scale: 2 },
          },
        ],
      },
    });
    expect(count).toBe(3);
    expect(rules).toEqual([]);
  });

  test('are referred to one by one and as a whole', () => {
    const { shown, rules } = figureOf(
      options('[a, b]', 'Both'),
      undefined,
      '@fig-x-a, [-@fig-x-b], @fig-x',
    );
    expect(shown).toBe(
      '<p><reference Figure\u00a01a {"target":"fig-x-a"}>, <reference 1b {"target":"fig-x-b"}>, ' +
        '<reference Figure\u00a01 {"target":"fig-x"}></p>',
    );
    expect(rules).toEqual([]);
  });

  test('with one text for all: each part is described by its caption', () => {
    const { block } = figureOf(options('["One, $\\\\epsilon$", Two]', 'Both'));
    expect(block).toMatchObject({
      alt: 'Both',
      body: { parts: [{ alt: 'One, ε' }, { alt: 'Two' }] },
    });
  });

  test.each([
    ['a caption too few', options('[a]', 'x'), undefined, ['parts-described (cell 1)']],
    ['a text too many', options('[a, b]', '[x, y, z]'), undefined, ['parts-described (cell 1)']],
    [
      'texts without parts',
      '//| label: fig-x\n//| fig-cap: a\n//| fig-alt: [x]\n1',
      [figure()],
      ['parts-described (cell 1)'],
    ],
    [
      'no text at all',
      options('[a, b]', '""').replace(/\n.*alt.*/, ''),
      undefined,
      ['figure-described (cell 1)'],
    ],
  ])('%s is reported', (_, source, outputs, rules) => {
    expect(figureOf(source, outputs, '@fig-x').rules).toEqual(rules);
  });

  test('that are missing are told once, not again where the text refers to them', () => {
    const { rules } = figureOf(options('[a, b]', 'x'), [], '@fig-x-a and @fig-x');
    expect(rules).toEqual(['label-matches (cell 1)']);
  });

  test('numbers typed into a caption of a part are told', () => {
    expect(figureOf(options('[99.5 %, b]', 'x')).rules).toEqual([
      'number-measured (cell 1, line 3)',
    ]);
  });
});
