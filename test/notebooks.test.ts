/** The committed notebooks: what they hold, and that they compile, without running them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseLedger } from '../src/press/document/claims.js';
import { cellOptions } from '../src/press/notebook/cell-options.js';
import { parseNotebook } from '../src/press/notebook/parse.js';
import type { CodeCell, Notebook } from '../src/press/notebook/types.js';
import { readBook } from '../src/press/report/config.js';
import {
  borrowedShorthands,
  diagnosticsOf,
  publishedNames,
  topLevelNames,
} from './notebook-code.js';

const FOLDER = 'notebooks';
const MAX_COLUMNS = 88;
const PACKAGES = ['marginalia', '@tensorflow/tfjs', '@tensorflow/tfjs-core', 'tslab'];
const bibliography = readFileSync(join(FOLDER, 'references.bib'), 'utf8');
const entries = [...bibliography.matchAll(/^@\w+\{([^,\s]+),/gm)].map((match) => match[1]);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'));

/** One code cell, and what its head says. */
interface Step {
  readonly cell: CodeCell;
  /** Empty where there is none. */
  readonly label: string;
  readonly source: string;
  readonly code: string;
}

function readSteps(notebook: Notebook): Step[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
  return cells.map((cell) => {
    const { options, code } = cellOptions(cell, { file: notebook.path });
    return { cell, label: options.label ?? '', source: cell.source, code };
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
  const ledgerPath = join(FOLDER, 'claims', name.replace(/ipynb$/, 'yaml'));
  const ledger = parseLedger(readFileSync(ledgerPath, 'utf8'), ledgerPath);
  const inCells = (of: (step: Step) => readonly unknown[]) =>
    steps.flatMap((step) => of(step).map((found) => `${step.label}: ${found}`));

  test('holds no outputs and no counts', () => {
    expect(inCells(({ cell }) => cell.outputs)).toEqual([]);
    expect(steps.filter(({ cell }) => cell.execution_count !== null)).toEqual([]);
  });

  test('every code cell has a label of its own', () => {
    const labels = steps.map(({ label }) => label);
    expect(steps.filter(({ label }) => label === '').map(({ cell }) => cell.id)).toEqual([]);
    expect(labels).toEqual([...new Set(labels)]);
  });

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

  test('every value that a rule names is published', () => {
    const given = steps.flatMap(({ code }) => publishedNames('value', code));
    const named = ledger.claims.flatMap(({ rules = [] }) =>
      rules.flatMap(({ value, than }) => (typeof than === 'string' ? [value, than] : [value])),
    );
    expect(named.filter((value) => !given.some((name) => name.test(value)))).toEqual([]);
  });

  test('every published claim stands in the ledger, and is published once', () => {
    const ids = ledger.claims.map(({ id }) => id);
    const given = steps.flatMap(({ code }) => publishedNames('claim', code)).map(String);
    expect(given.filter((name) => !ids.includes(name.slice(2, -2)))).toEqual([]);
    expect(given).toEqual([...new Set(given)]);
  });

  test('every cited work has an entry', () => {
    const prose = [
      ...notebook.cells.map(({ source }) => source),
      JSON.stringify(notebook.metadata),
    ];
    const marks = prose.flatMap((source) => source.match(/\[[^\]\n]*@[^\]\n]*\]/g) ?? []);
    const keys = marks.flatMap((mark) =>
      [...mark.matchAll(/@([\w:-]+)/g)].map((match) => match[1]),
    );
    const cited = keys.filter((key) => !/^(fig|tbl|eq|sec|lst|thm|exr|sol)-/.test(key ?? ''));
    expect(cited.length).toBeGreaterThan(0);
    const papers = ledger.claims.map(({ paper }) => paper);
    expect([...new Set([...cited, ...papers])].filter((key) => !entries.includes(key))).toEqual([]);
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

  test.skipIf(!existsSync('dist/index.d.ts'))('every cell compiles (needs dist)', () => {
    expect(diagnosticsOf(steps)).toEqual([]);
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

  test('names of values, also those that are put together', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is the code of a cell
    const given = publishedNames('value', 'value("a.b", 1); value(`${model}.x.${kind}`, 2);');
    const found = (name: string) => given.some((pattern) => pattern.test(name));
    expect(['a.b', 'mlp.x.y', 'a-b', 'mlp.y'].map(found)).toEqual([true, true, false, false]);
  });

  test.skipIf(!existsSync('dist/index.d.ts'))('mistakes of type, with cell and line', () => {
    const sources = ['const n: number = 1;', '\nconst text: string = n;', 'n + 1'];
    const steps = sources.map((source, index) => ({ label: `cell ${index + 1}`, source }));
    expect(diagnosticsOf(steps)).toEqual([
      "cell 2, line 2: Type 'number' is not assignable to type 'string'.",
    ]);
  });
});
