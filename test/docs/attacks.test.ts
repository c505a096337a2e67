/** docs/attacks.md is what the code says: `npm run docs` writes it again. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { buildDist } from '../../setup/build.mjs';
import { CATALOGUE } from '../../src/attacks/catalogue.js';
import { attacksAmong, attackTable, helperTable } from './attack-table.js';
import { exportedFunctions } from './exported-functions.js';
import { withOutputs, withPart } from './page.js';

const FILE = resolve('docs/attacks.md');
const functions = exportedFunctions();
const page = readFileSync(FILE, 'utf8');

test('docs/attacks.md has all attacks, their defaults, and what its examples print', async () => {
  await buildDist(resolve('.'));
  const tables = withPart(
    withPart(page, 'attacks', attackTable(functions)),
    'helpers',
    helperTable(functions),
  );
  const whole = await withOutputs(tables, 'notebooks', 'await fgsm(model, x, y,');
  await expect(whole).toMatchFileSnapshot(FILE);
}, 240_000); // forty cells on a kernel

test('each attack stands in the file whose header names its paper', () => {
  const papers = readFileSync('notebooks/references.bib', 'utf8');
  const numberOf = (key = '') =>
    new RegExp(`\\{${key},[^@]*arxiv\\.org/abs/([\\d.]+)`).exec(papers)?.[1] ?? `no ${key}`;
  const silent = attacksAmong(functions).filter(
    ({ name, header }) => !header.includes(`arXiv:${numberOf(CATALOGUE[name]?.paper)}`),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('an attack that is not in the catalogue is missed', () => {
  const [first, ...others] = functions;
  const stranger = { ...attacksAmong(functions)[0], name: 'stranger' } as typeof first;
  expect(() => attackTable([...functions, stranger as never])).toThrow('missing: stranger;');
  expect(() => attackTable(others.filter(({ name }) => name !== 'pgd'))).toThrow(/unknown: .*pgd/);
});
