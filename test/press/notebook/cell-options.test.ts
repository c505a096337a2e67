/** Option lines and tags of a code cell. */

import { expect, test } from 'vitest';
import { cellOptions } from '../../../src/press/notebook/cell-options.js';
import type { CodeCell } from '../../../src/press/notebook/types.js';
import { notebookOf } from '../kernel/notebook-of.js';

const read = (code: string, tags: readonly string[] = []) =>
  cellOptions(notebookOf({ code, tags }).cells[0] as CodeCell, { file: 'a.ipynb', cell: 3 });

test('a plain cell has the defaults', () => {
  expect(read('const a = 1;\n//| label: too late')).toEqual({
    options: {
      width: 'text',
      echo: true,
      output: true,
      include: true,
      fold: 'fold',
      warning: true,
      raisesException: false,
      skipExecution: false,
    },
    code: 'const a = 1;\n//| label: too late',
    codeStartLine: 1,
    problems: [],
  });
});

test('the first lines are YAML, with or without a space', () => {
  const { options, code, codeStartLine, problems } = read(
    [
      '//| label: fig-growth',
      '// | fig-cap: "Growth: $\\\\varepsilon$ and {{slope}}"',
      '//| fig-alt: >-',
      '//|   The line rises',
      '//|   by two.',
      '//|column: page',
      '//| code-fold: show',
      '//| code-summary: 42',
      '',
      'draw();',
    ].join('\n'),
  );
  expect(problems).toEqual([]);
  expect(options).toMatchObject({
    label: 'fig-growth',
    caption: 'Growth: $\\varepsilon$ and {{slope}}',
    alt: 'The line rises by two.',
    width: 'wide',
    fold: 'show',
    summary: '42',
  });
  expect([code, codeStartLine]).toEqual(['\ndraw();', 9]);
});

test.each([
  ['remove-cell', { include: false }],
  ['remove-input', { echo: false }],
  ['remove_output', { output: false }],
  ['hide-output', { output: false }],
  ['skip-execution', { skipExecution: true }],
  ['raises-exception', { raisesException: true }],
  ['exercise', { fold: 'none' }],
  ['solution', { fold: 'none' }],
  ['constructor', { include: true }],
])('the tag %s', (tag, expected) => {
  expect(read('1', [tag]).options).toMatchObject(expected);
});

test('an option line goes before a tag', () => {
  expect(read('//| echo: true\n1', ['remove-input']).options.echo).toBe(true);
  expect(read('//| code-fold: false\n1', ['hide-input']).options.fold).toBe('none');
});

test('mistakes are named with their line, and the rest is read', () => {
  const { options, problems } = read(
    '//| label: a\n//| figcap: b\n//| echo: maybe\n//| constructor: 1\n//| output: false\n1',
  );
  expect(options).toMatchObject({ label: 'a', echo: true, output: false });
  expect(problems).toMatchObject([
    { rule: 'cell-option-is-known', severity: 'warning', where: { cell: 3, line: 2 } },
    { rule: 'cell-option-is-valid', severity: 'error', where: { cell: 3, line: 3 } },
    { rule: 'cell-option-is-known', severity: 'warning', where: { cell: 3, line: 4 } },
  ]);
});

test.each([
  ['//| label: a\n//| fig-cap: one: two\n1', 2],
  ['//| just words\n1', 1],
])('lines that are no YAML are an error: %s', (code, line) => {
  const { problems } = read(code);
  expect(problems).toMatchObject([
    { rule: 'cell-options-are-yaml', severity: 'error', where: { cell: 3, line } },
  ]);
});

test('a cell of option lines only has no code', () => {
  expect(read('//| label: a')).toMatchObject({ code: '', codeStartLine: 2 });
});
