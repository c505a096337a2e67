/** From file to values and back. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseNotebook } from '../../../src/press/notebook/parse.js';
import { serializeNotebook } from '../../../src/press/notebook/serialize.js';
import { fileOf } from './file-of.js';

test('writes as Jupyter does: sorted keys, lines, one space, a line end', () => {
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: 'a\n\nb' },
    {
      output_type: 'display_data',
      metadata: {},
      data: { 'text/plain': 'x\ny', 'image/svg+xml': '<svg>\n</svg>', 'image/png': 'AA\n' },
    },
  ];
  const notebook = parseNotebook(fileOf({ cells: [] }), 'a.ipynb');
  const cell = {
    cell_type: 'code',
    id: 'x',
    metadata: {},
    source: '',
    execution_count: 1,
    outputs,
  };
  const text = serializeNotebook({ ...notebook, cells: [cell] as never });
  expect(text).toBe(`{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "x",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "a\\n",
      "\\n",
      "b"
     ]
    },
    {
     "data": {
      "image/png": "AA\\n",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ],
      "text/plain": [
       "x\\n",
       "y"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "TypeScript",
   "name": "tslab"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`);
});

test.each(['notebooks/01-linear-explanation.ipynb'])('%s comes back unchanged', (path) => {
  const once = serializeNotebook(parseNotebook(readFileSync(path, 'utf8'), path));
  const notebook = parseNotebook(once, path);
  expect(serializeNotebook(notebook)).toBe(once);
  expect(notebook).toEqual(parseNotebook(readFileSync(path, 'utf8'), path));
});

test.each(['markdown', 'raw'])('keeps attachments of a %s cell', (cell_type) => {
  const attachments = { 'a.png': { 'image/png': 'AAAA' } };
  const cell = {
    cell_type,
    outputs: undefined,
    execution_count: undefined,
    attachments,
  };
  const notebook = parseNotebook(fileOf({}, cell), 'a.ipynb');
  expect(notebook.cells).toContainEqual(expect.objectContaining({ attachments }));
  expect(parseNotebook(serializeNotebook(notebook), 'a.ipynb')).toEqual(notebook);
});
