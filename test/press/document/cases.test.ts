/** Whole notebooks, found by listing `test/cases`. A missing `document.json` is written, except in
 *  CI; `npx vitest run test/press/document -u` writes those that changed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseLedger } from '../../../src/press/document/claims.js';
import { compose } from '../../../src/press/document/compose.js';
import type { Document } from '../../../src/press/document/types.js';
import { parseNotebook } from '../../../src/press/notebook/parse.js';
import { contextOf } from './notebooks.js';

const CASES = join(import.meta.dirname, '../../cases');
const names = readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'notebook.ipynb')));

function documentOf(name: string): Document {
  const read = (file: string): string | null => {
    const path = join(CASES, name, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  const ledger = read('ledger.yaml');
  const notebook = parseNotebook(read('notebook.ipynb') ?? '', 'notebook.ipynb');
  const context = contextOf({
    slug: name,
    ledger: ledger === null ? null : parseLedger(ledger, 'ledger.yaml'),
    bibliography: read('references.bib') ?? '',
  });
  return compose(notebook, context);
}

test.each(names)('%s', async (name) => {
  const text = `${JSON.stringify(documentOf(name), null, 1)}\n`;
  await expect(text).toMatchFileSnapshot(join(CASES, name, 'document.json'));
});

test('a hostile notebook leaves no address that loads and no script that links', () => {
  const { blocks, meta, references } = documentOf('hostile');
  const links = JSON.stringify([blocks, meta, references]).match(/"(?:href|src)","[^"]*"/g) ?? [];
  expect(links).toEqual([]);
  expect(blocks.filter(({ kind }) => kind === 'figure' || kind === 'vega-lite')).toEqual([]);
  expect(meta.paper?.html).not.toMatch(/<script|<a |javascript/);
});
