/** A notebook for each rule, which breaks it once and nothing else. */

import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDist } from '../../../setup/build.mjs';
import { type CheckedNotebook, check } from '../../../src/press/report/check.js';
import { rulesOf } from '../document/notebooks.js';
import { type CellSketch, type Desk, makeDesk, notebookText } from './desk.js';

const HEAD = { question: 'Why?', answer: 'So.' };
const FILE = {
  metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript' }, marginalia: HEAD },
};
const IMPORT: CellSketch = {
  code: '//| label: setup\nimport { claim, figure, value } from "marginalia";',
};
const FIGURE = 'figure({ data: { values: [] }, mark: "bar" });';

const prose = (md: string): CellSketch => ({ md });
const code = (label: string, text: string): CellSketch => ({
  code: `//| label: ${label}\n${text}`,
});
const notebook = (...cells: CellSketch[]) => notebookText([prose('# Title'), ...cells], FILE);
const figureCell = (label: string, options = 'fig-cap fig-alt') =>
  code(
    label,
    `${options
      .split(' ')
      .map((key) => `//| ${key}: Bars\n`)
      .join('')}${FIGURE}`,
  );

const entry = (id: string, rest: string) =>
  `- {id: ${id}, note: [], paper: solo2015, section: '1', claim: It is so., kind: x, tier: core, ${rest}}`;
const ledger = (...entries: string[]) =>
  ['version: 1', 'notebook: x', 'claims:', ...entries].join('\n');
const RULE = 'rules: [{value: a.error, op: ">=", than: 1}]';

interface Case {
  readonly text: string;
  readonly ledger?: string;
  /** The findings: rule and place. */
  readonly found: readonly string[];
}

const CASES: { readonly [slug: string]: Case } = {
  'is not JSON': { text: '{\n "cells": [},\n', found: ['notebook-reads (line 2)'] },
  'has cells without ids': {
    text: notebookText([prose('# Title')], { nbformat_minor: 4 }),
    found: ['notebook-reads'],
  },
  'has another type than declared': {
    text: notebook(code('a', 'const n: number = 1;'), code('b', '\nconst text: string = n;')),
    found: ['cell-compiles (cell 3, line 3)'],
  },
  'uses a later cell': {
    text: notebook(code('a', 'console.log(late);'), code('b', 'const late = 1;')),
    found: ['cell-compiles (cell 2, line 2)'],
  },
  'has the same label on two cells': {
    text: notebook(code('same', '1;'), code('same', '2;')),
    found: ['label-unique (cell 3)'],
  },
  'has the same label on two figures': {
    text: notebook(IMPORT, figureCell('fig-a'), figureCell('fig-a')),
    found: ['label-unique (cell 4)'],
  },
  'has a cell without a label': {
    text: notebook({ code: 'const n = 1;' }),
    found: ['cell-labelled (cell 2)'],
  },
  'refers to no figure': {
    text: notebook(prose('One line.\n\nSee @fig-nowhere.')),
    found: ['reference-exists (cell 2, line 3)'],
  },
  'refers to no equation': {
    text: notebook(prose('See @eq-nowhere.')),
    found: ['reference-exists (cell 2, line 1)'],
  },
  'cites no entry': {
    text: notebook(prose('As shown [@nobody2015].')),
    found: ['citation-exists (cell 2, line 1)'],
  },
  'quotes no value': {
    text: notebook(IMPORT, code('v', 'value("a.error", 1);'), prose('{{a.eror}} it is.')),
    found: ['value-published (cell 4, line 1)'],
  },
  'judges by no value': {
    text: notebook(IMPORT, code('c', 'claim("x");')),
    ledger: ledger(entry('x', RULE)),
    found: ['claim-measured (line 4)'],
  },
  'has an unknown key in a rule': {
    text: notebook(IMPORT, code('c', 'value("a.error", 1); claim("x");')),
    ledger: ledger(entry('x', RULE.replace('than: 1', 'than: 1, limit: 2'))),
    found: ['ledger-reads (line 4)'],
  },
  'places no claim': {
    text: notebook(IMPORT, code('v', 'value("a.error", 1);')),
    ledger: ledger(entry('x', RULE), entry('y', 'open: Needs a model.')),
    found: ['claim-placed (line 4)'],
  },
  'claims what no ledger has': {
    text: notebook(IMPORT, code('c', 'claim("z");')),
    ledger: ledger(entry('y', 'open: Needs a model.')),
    found: ['claim-in-ledger (cell 3)'],
  },
  'shows a figure without alternative text': {
    text: notebook(IMPORT, figureCell('fig-a', 'fig-cap')),
    found: ['figure-described (cell 3)'],
  },
  'shows a figure without caption': {
    text: notebook(IMPORT, figureCell('fig-a', 'fig-alt')),
    found: ['exhibit-captioned (cell 3)'],
  },
  'shows a figure without its label': {
    text: notebook(IMPORT, figureCell('bars')),
    found: ['exhibit-labelled (cell 3)'],
  },
  'jumps over a level': {
    text: notebook(prose('Text.\n\n### Deep\n\n### Deeper\n\n## Flat\n\n### Deep again')),
    found: ['heading-order (cell 2, line 3)'],
  },
  'is too deep': {
    text: notebook(prose('## A\n\n#### B')),
    found: ['heading-levels (cell 2, line 3)'],
  },
  'carries outputs': {
    text: notebook(code('a', '1;')).replace(
      '"outputs":[]',
      '"outputs":[{"output_type":"stream","name":"stdout","text":"1"}]',
    ),
    found: ['outputs-left-out (cell 2)'],
  },
  'carries a count': {
    text: notebook(code('a', '1;')).replace('"execution_count":null', '"execution_count":7'),
    found: ['outputs-left-out (cell 2)'],
  },
  'types a number by hand': {
    text: notebook(prose('The error is 17.3 %.')),
    found: ['number-measured (cell 2, line 1)'],
  },
  'has an option that nobody knows': {
    text: notebook(code('a', '//| fig-capp: Bars\n1;')),
    found: ['cell-option-is-known (cell 2, line 2)'],
  },
  'has a solution without an exercise': {
    text: notebook({ md: 'So it is.', tags: ['solution'] }),
    found: ['solution-after-exercise (cell 2)'],
  },
  'has no head': {
    text: notebookText([prose('# Title')]),
    found: ['head-complete'],
  },
};

/** Code in which only a run, or a good look, finds what is published. */
const CLEAN: { readonly [slug: string]: readonly CellSketch[] } = {
  'puts names together': [
    IMPORT,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is the code of a cell
    code('v', 'for (const model of ["a", "b"]) value(`${model}.error`, 1);\nclaim("x");'),
    prose('{{a.error}} and {{b.error | percent 1}}.'),
  ],
  'publishes in a function': [
    code('setup', 'import * as lab from "marginalia";'),
    code('f', 'const show = (name: string) => { lab.value(name + ".error", 1); lab.claim("x"); };'),
    code('v', 'show("a");'),
    prose('{{a.error}}'),
  ],
  'draws in a function of an earlier cell': [
    IMPORT,
    code('f', `value("a.error", 1); claim("x");`),
    code('g', `function draw() { ${FIGURE} }`),
    code('fig-a', '//| fig-cap: Bars\n//| fig-alt: Bars\ndraw();'),
    prose('See @fig-a.'),
  ],
  'draws one of two': [
    IMPORT,
    code('f', `value("a.error", 1); claim("x");`),
    code(
      'fig-a',
      `//| fig-cap: Bars\n//| fig-alt: Bars\nif (Date.now() > 0) { ${FIGURE} } else ${FIGURE}`,
    ),
  ],
  'is meant to fail, and awaits, and skips': [
    IMPORT,
    code('f', 'value("a.error", await Promise.resolve(1)); claim("x");'),
    { ...code('fails', 'const n: number = "a";'), tags: ['raises-exception'] },
    { ...code('skipped', 'nothing();'), tags: ['skip-execution'] },
    code('n', 'const a = 1;'),
    code('again', 'const a = "declared twice, as the kernel allows";'),
  ],
};

const slugOf = (name: string) => name.replaceAll(' ', '-');

let desk: Desk;
let checked: readonly CheckedNotebook[];
const found = (name: string) =>
  checked.find(({ path }) => path.endsWith(`/${slugOf(name)}.ipynb`))?.findings ?? [];

beforeAll(async () => {
  await buildDist(resolve('.')); // cells see the declarations of the package
  desk = makeDesk();
  mkdirSync(desk.path('notebooks/claims'));
  const names = [...Object.keys(CASES), ...Object.keys(CLEAN)];
  desk.book(names.map((name) => `${slugOf(name)}.ipynb`));
  desk.put(
    'notebooks/references.bib',
    '@misc{solo2015, author = {Solo, A.}, title = {T}, year = 2015}',
  );
  for (const [name, { text, ledger }] of Object.entries(CASES)) {
    desk.put(`notebooks/${slugOf(name)}.ipynb`, text);
    if (ledger !== undefined) desk.put(`notebooks/claims/${slugOf(name)}.yaml`, ledger);
  }
  for (const [name, cells] of Object.entries(CLEAN)) {
    desk.put(`notebooks/${slugOf(name)}.ipynb`, notebook(...cells));
    desk.put(`notebooks/claims/${slugOf(name)}.yaml`, ledger(entry('x', RULE)));
  }
  checked = await run();
});
afterAll(() => desk.clear());

const run = () =>
  check(
    { bookFolder: desk.path('notebooks'), notebooks: [] },
    { cacheFolder: desk.path('cache'), packageFolder: resolve('.') },
  );

describe('a notebook that', () => {
  test.each(Object.entries(CASES))('%s', (name, { found: expected }) => {
    expect(rulesOf(found(name))).toEqual(expected);
    for (const { hint } of found(name)) expect(hint).toMatch(/^[A-Z].*[.?]$/);
  });
});

describe('no finding in a notebook that', () => {
  test.each(Object.keys(CLEAN))('%s', (name) => {
    expect(found(name)).toEqual([]);
  });
});

test('what was compiled is remembered, and the findings stay', async () => {
  const again = await run();
  expect(again).toEqual(checked);
});

test('a file that a cell imports is told with its name, and looked at again when it changes', async () => {
  const text = notebook(code('a', 'import { n } from "./helper";'), code('b', 'n;'));
  desk.put('notebooks/helped.ipynb', text);
  const look = async (helper: string) => {
    desk.put('notebooks/helper.ts', helper);
    const [one] = await check(
      { bookFolder: 'nowhere', notebooks: [desk.path('notebooks/helped.ipynb')] },
      { cacheFolder: desk.path('cache'), packageFolder: resolve('.') },
    );
    return one?.findings.map(({ rule, where, message }) => [rule, where.cell, message]);
  };
  expect(await look('export const n = 1;')).toEqual([]);
  expect(await look('\nexport const n: number = "a";')).toEqual([
    ['cell-compiles', 2, "Type 'string' is not assignable to type 'number' (helper.ts, line 2)"],
  ]);
});

const OWN = readdirSync('notebooks').filter((name) => name.endsWith('.ipynb'));
test.each(OWN)('%s of this project is clean', async (name) => {
  const [own] = await check(
    { bookFolder: 'notebooks', notebooks: [join('notebooks', name)] },
    { cacheFolder: join(desk.folder, 'cache'), packageFolder: resolve('.') },
  );
  expect(own?.findings).toEqual([]);
});
