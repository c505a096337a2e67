/** The committed notebooks: what `marginalia check` does not ask of every notebook. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { cellOptions } from '../src/press/notebook/cell-options.js';
import { parseNotebook } from '../src/press/notebook/parse.js';
import type { Notebook } from '../src/press/notebook/types.js';
import { readBook } from '../src/press/report/config.js';
import { borrowedShorthands, topLevelNames } from './notebook-code.js';

const FOLDER = 'notebooks';
const MAX_COLUMNS = 88;
const PACKAGES = ['marginalia', '@tensorflow/tfjs', '@tensorflow/tfjs-core', 'tslab'];
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'));

/** One code cell. */
interface Step {
  readonly label: string;
  readonly code: string;
}

function readSteps(notebook: Notebook): Step[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
  return cells.map((cell) => {
    const { options, code } = cellOptions(cell, { file: notebook.path });
    return { label: options.label ?? '', code };
  });
}

test('the book lists each notebook', async () => {
  const { items } = await readBook(FOLDER, 'quick');
  expect(items.map(({ path }) => path.split('/').at(-1)).sort()).toEqual(files.sort());
});

describe.each(files)('%s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const notebook = parseNotebook(text, name); // refuses ids that are missing or repeated
  const steps = readSteps(notebook);
  const inCells = (of: (step: Step) => readonly unknown[]) =>
    steps.flatMap((step) => of(step).map((found) => `${step.label}: ${found}`));

  test('cells import the lab, tfjs and tslab, and nothing else', () => {
    const foreign = inCells(({ code }) =>
      ts
        .preProcessFile(code, true, true)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((file) => !PACKAGES.includes(file)),
    );
    expect(foreign).toEqual([]);
  });

  test(`lines of code have at most ${MAX_COLUMNS} columns`, () => {
    const long = inCells(({ code }) =>
      code.split('\n').filter((line) => line.length > MAX_COLUMNS),
    );
    expect(long).toEqual([]);
  });

  test('no { name } stands for a variable of an earlier cell, which the kernel does not find', () => {
    const earlier = new Set<string>();
    const found = inCells(({ code }) => {
      const borrowed = borrowedShorthands(code).filter((one) => earlier.has(one));
      for (const one of topLevelNames(code)) earlier.add(one);
      return borrowed;
    });
    expect(found).toEqual([]);
  });
});

describe('the checks see what they look for', () => {
  test('shorthands of earlier cells, but not of the cell itself', () => {
    const code = 'const b = 1; const f = (c: number) => ({ a, b, c }); g({ d }); const { e } = x;';
    expect(borrowedShorthands(code)).toEqual(['a', 'd']);
    expect(topLevelNames('const { a, c: [b] } = x; function f() {} class G {}')).toEqual([
      'a',
      'b',
      'f',
      'G',
    ]);
  });
});
