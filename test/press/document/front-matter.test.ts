import { expect, test } from 'vitest';
import type { Cell } from '../../../src/press/notebook/types.js';
import { code, composed, markdown, rulesOf, show } from './notebooks.js';

const MATTER = `---
subtitle: "With $\\\\epsilon$"
authors:
  - Grace Example
  - {name: Ada Beispiel, affiliation: Somewhere}
date: 2026-10-03
abstract: |
  It errs
  {{m.error | percent 0}}.
---
`;

const measured = code('1', [
  {
    output_type: 'display_data',
    data: {},
    metadata: { marginalia: { kind: 'value', name: 'm.error', value: 0.5 } },
  },
]);
const raw = (source: string): Cell => ({ ...markdown(source), cell_type: 'raw' });

test.each([
  ['a raw cell', [raw(MATTER), markdown('# T\n\nText')]],
  ['a Markdown cell with the text after it', [markdown(`${MATTER}# T\n\nText`)]],
])('%s gives subtitle, authors, date and abstract', (_, cells) => {
  const { meta, blocks, problems } = composed([...cells, measured]);
  expect(problems).toEqual([]);
  expect(show(meta.subtitle ?? [])).toBe('With <math_inline \\epsilon>');
  expect(meta.authors).toEqual([
    { name: 'Grace Example' },
    { name: 'Ada Beispiel', affiliation: 'Somewhere' },
  ]);
  expect(meta.date).toBe('2026-10-03');
  expect(show(meta.abstract ?? [])).toMatch(/^It errs<softbreak><value 50\u202f% .*>\.$/);
  expect(meta.title).toBe('T');
  expect(blocks[0]).toMatchObject({ kind: 'prose' });
});

test('without it the date is that of the run', () => {
  const { meta } = composed([markdown('# T')]);
  expect(meta.date).toBe('2026-11-21');
  expect(Object.keys(meta)).not.toContain('authors');
});

test.each([
  ['a title', 'title: T', ['front-matter-reads (cell 1, line 2)']],
  ['a key that stands twice', 'date: 2026-10-03\ndate: x', ['front-matter-reads (cell 1, line 3)']],
  ['a date in words', 'subtitle: a\ndate: October', ['front-matter-reads (cell 1, line 3)']],
  ['an author without a name', 'authors: [{of: a}]', ['front-matter-reads (cell 1, line 2)']],
  ['broken YAML', 'subtitle: "a', ['front-matter-reads (cell 1, line 2)']],
  ['a label nobody has', 'subtitle: a\nabstract: "@fig-a"', ['reference-exists (cell 1, line 3)']],
])('%s is reported', (_, yaml, rules) => {
  expect(rulesOf(composed([markdown(`---\n${yaml}\n---\n`)]).problems)).toEqual(rules);
});

test('lines of the text below keep their numbers', () => {
  const { problems } = composed([markdown('---\nsubtitle: a\n---\n@fig-x')]);
  expect(rulesOf(problems)).toEqual(['reference-exists (cell 1, line 4)']);
});

test.each([
  ['a rule', '---\n\nText\n\n---'],
  ['a later cell', '---\nsubtitle: a\n---'],
])('%s is no front matter', (title, text) => {
  const before = title === 'a later cell' ? [markdown('# T')] : [];
  const { meta, problems } = composed([...before, markdown(text)]);
  expect(meta.subtitle).toBeUndefined();
  expect(problems).toEqual([]);
});
