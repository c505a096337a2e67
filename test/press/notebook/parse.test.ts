/** Notebook files as they should be, and as they come. */

import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { parseNotebook } from '../../../src/press/notebook/parse.js';
import { fileOf } from './file-of.js';

const path = 'notebooks/a.ipynb';

/** `place: message. remedy` of the refusal. */
function refusal(text: string): string {
  try {
    parseNotebook(text, path);
  } catch (error) {
    if (error instanceof UserError) return error.format();
    throw error;
  }
  return 'accepted';
}

test('joins lines, keeps what it does not know', () => {
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: ['a\n', 'b'] },
    {
      output_type: 'display_data',
      data: { 'text/html': ['<b>', '</b>'], 'application/json': ['x'], 'image/png': 'AAAA' },
      metadata: { marginalia: { kind: 'figure' } },
    },
  ];
  const notebook = parseNotebook(fileOf({}, { outputs }), path);
  expect(notebook.path).toBe(path);
  expect(notebook.cells.map(({ source }) => source)).toEqual(['# Title\ntext', 'const a = 1;\n']);
  expect(notebook.cells[1]).toMatchObject({
    metadata: { tags: ['hide-input'], kept: { as: 'it is' } },
    outputs: [
      { text: 'a\nb' },
      {
        data: { 'text/html': '<b></b>', 'application/json': ['x'], 'image/png': 'AAAA' },
        metadata: { marginalia: { kind: 'figure' } },
      },
    ],
  });
});

test.each([
  ['an empty file', '', ', line 1, column 1: expected JSON, got an empty file'],
  [
    'a word',
    '{\n "cells": [x]\n}',
    ', line 2, column 12: expected JSON, got "Unexpected token \'x\'"',
  ],
  ['a comma too many', '{"a": 1,\n}', ', line 2, column 1: expected JSON'],
  ['a file cut off', '{"a": [1, 2', ', line 1, column 12: expected JSON'],
  [
    'an unsolved merge',
    '{\n<<<<<<< HEAD\n}',
    ', line 2, column 1: expected JSON, got the marks of an unsolved merge',
  ],
])('refuses %s with line and column', (_, text, expected) => {
  expect(refusal(text)).toContain(path + expected);
});

test.each([
  ['JSON that is no notebook', '[1]', 'expected a Jupyter notebook'],
  [
    'nbformat 3',
    fileOf({ nbformat: 3, nbformat_minor: 0 }),
    'expected notebook format 4.5, got 3.0. Upgrade it: python3 -c',
  ],
  [
    'nbformat 4.4',
    fileOf({ nbformat_minor: 4 }),
    'expected notebook format 4.5, got 4.4, whose cells have no ids. Upgrade it',
  ],
  [
    'a kernel of another language',
    fileOf({ metadata: { kernelspec: { name: 'python3', display_name: 'Python' } } }),
    'expected the kernel "tslab", got "python3"',
  ],
  ['no kernel', fileOf({ metadata: {} }), 'expected a valid "metadata.kernelspec"'],
  [
    'a cell without id',
    fileOf({}, { id: undefined }),
    'cell 2: expected a cell id of 1 to 64 letters, digits, - and _, got none',
  ],
  [
    'a malformed id',
    fileOf({}, { id: 'a b' }),
    'cell 2: expected a cell id of 1 to 64 letters, digits, - and _, got "a b"',
  ],
  [
    'an id twice',
    fileOf({}, { id: 'intro' }),
    'cell 2: expected an id of its own, got "intro", which cell 1 has too',
  ],
  ['a cell without source', fileOf({}, { source: undefined }), 'cell 2: expected a valid "source"'],
  ['an unknown cell', fileOf({}, { cell_type: 'heading' }), 'cell 2: expected a valid "cell_type"'],
  [
    'an unknown output',
    fileOf({}, { outputs: [{ output_type: 'pyout' }] }),
    'cell 2: expected a valid "outputs.0.output_type"',
  ],
])('refuses %s', (_, text, expected) => {
  expect(refusal(text)).toContain(expected);
});
