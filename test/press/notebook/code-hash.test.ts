/** What makes a notebook run again, and what does not. */

import { expect, test } from 'vitest';
import { codeHash } from '../../../src/press/notebook/code-hash.js';
import type { Notebook } from '../../../src/press/notebook/types.js';
import { notebookOf } from '../kernel/notebook-of.js';

const before = codeHash(notebookOf('//| label: a\nconst a = 1;', 'a'));

test.each<[string, Notebook]>([
  ['a caption', notebookOf('//| label: b\n//| fig-cap: new\nconst a = 1;', 'a')],
  ['a tag that only shows', notebookOf('const a = 1;', { code: 'a', tags: ['hide-input'] })],
  ['the tag of a solution', notebookOf('const a = 1;', { code: 'a', tags: ['solution'] })],
  [
    'a cell that is skipped',
    notebookOf('const a = 1;', 'a', { code: 'b', tags: ['skip-execution'] }),
  ],
  ['an empty cell', notebookOf('const a = 1;', '//| label: none', 'a')],
])('%s changes nothing', (_, notebook) => {
  expect(codeHash(notebook)).toBe(before);
});

const other = notebookOf('const a = 1;', 'a');
test.each<[string, Notebook]>([
  ['code', notebookOf('const a = 2;', 'a')],
  ['the order of cells', notebookOf('a', 'const a = 1;')],
  ['a cell that may fail', notebookOf('const a = 1;', { code: 'a', tags: ['raises-exception'] })],
  ['the cell of the parameters', notebookOf({ code: 'const a = 1;', tags: ['parameters'] }, 'a')],
  [
    'the kernel',
    { ...other, metadata: { kernelspec: { name: 'deno', display_name: 'TypeScript' } } },
  ],
])('%s changes the hash', (_, notebook) => {
  expect(codeHash(notebook)).not.toBe(before);
});
