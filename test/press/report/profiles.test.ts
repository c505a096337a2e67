/** Profiles: what they inject, and that a smoke run judges nothing. */

import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, makeDesk, notebookText, publish } from './desk.js';

const LEDGER = `
version: 1
notebook: judged
claims:
  - id: six-by-seven
    note: []
    paper: adams1979
    section: '27'
    claim: The answer is 42.
    kind: number
    tier: core
    rules:
      - {value: answer, op: '>=', than: 42}
`;

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
  const notebook = notebookText([
    { md: '# Judged' },
    { code: 'const steps: number = 100;', tags: ['parameters'] },
    { code: 'console.log("steps:", steps);' },
    { code: publish({ kind: 'value', name: 'answer', value: 42 }) },
    { code: publish({ kind: 'claim', id: 'six-by-seven' }) },
  ]);
  desk.put('notebooks/judged.ipynb', notebook);
  mkdirSync(desk.path('notebooks/claims'));
  desk.put('notebooks/claims/judged.yaml', LEDGER);
});
afterAll(() => desk.clear());

async function page(profile: 'smoke' | 'quick') {
  const { errors, cells } = await desk.run({ profile });
  if (errors.length > 0) return { errors };
  const html = desk.text('reports/judged.html');
  return { errors, cells, steps: html.match(/steps: (\d+)/)?.[1], holds: /holds/.test(html) };
}

function bookOf(profiles: object): void {
  desk.book(['judged.ipynb'], profiles);
  desk.put(
    'notebooks/references.bib',
    '@book{adams1979, author={Adams, D.}, title={G}, year=1979}',
  );
}

test('parameters of the profile are injected, and only quick gives verdicts', async () => {
  bookOf({ smoke: { steps: 3 } });
  expect(await page('smoke')).toEqual({ errors: [], cells: 5, steps: '3', holds: false });
  expect(await page('quick')).toEqual({ errors: [], cells: 4, steps: '100', holds: true });
  expect(await page('smoke')).toEqual({ errors: [], cells: 0, steps: '3', holds: false });
});

test('a smoke run is not taken for a quick one, even with the same parameters', async () => {
  bookOf({ smoke: { steps: 4 }, quick: { steps: 4 } });
  expect(await page('smoke')).toMatchObject({ steps: '4', holds: false });
  expect(await page('quick')).toMatchObject({ steps: '4', holds: true });
});

test('an edited ledger is judged again without a run; a broken one is told with its line', async () => {
  desk.put('notebooks/claims/judged.yaml', LEDGER.replace('than: 42', 'than: 43'));
  expect(await page('quick')).toMatchObject({ cells: 0, holds: false });
  desk.put('notebooks/claims/judged.yaml', LEDGER.replace("op: '>='", "op: '='"));
  const { errors } = await page('quick');
  expect(errors).toEqual([
    expect.stringMatching(/^notebooks\/claims\/judged.yaml, line 13: claim six/),
  ]);
});

test('a parameter that no cell declares is refused, with those that are', async () => {
  bookOf({ quick: { step: 3 } });
  const { errors } = await desk.run();
  expect(errors).toEqual([
    'notebooks/judged.ipynb, cell 2: expected a declared parameter, got step. ' +
      'The parameters cell declares steps.',
  ]);
});
