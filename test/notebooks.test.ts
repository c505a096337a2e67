/** The committed notebooks: what they hold, and that they compile, without running them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseLedger } from '../src/press/document/claims.js';
import { cellOptions } from '../src/press/notebook/cell-options.js';
import { parseNotebook } from '../src/press/notebook/parse.js';
import type { CodeCell, Notebook } from '../src/press/notebook/types.js';
import { readBook } from '../src/press/report/config.js';

const FOLDER = 'notebooks';
const MAX_COLUMNS = 88;
const PACKAGES = ['marginalia', '@tensorflow/tfjs', '@tensorflow/tfjs-core', 'tslab'];
const bibliography = readFileSync(join(FOLDER, 'references.bib'), 'utf8');
const entries = [...bibliography.matchAll(/^@\w+\{([^,\s]+),/gm)].map((match) => match[1]);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'));

/** One code cell, and what its head says. */
interface Step {
  readonly cell: CodeCell;
  readonly label: string | undefined;
  readonly code: string;
}

function readSteps(notebook: Notebook): Step[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
  return cells.map((cell) => {
    const { options, code } = cellOptions(cell, { file: notebook.path });
    return { cell, label: options.label, code };
  });
}

const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child, ...nodesOf(child)));
  return children;
}

/** First arguments of the calls of `name`: as text, or as a pattern where a name is put together. */
function published(name: string, code: string): (string | RegExp)[] {
  return nodesOf(parse(code)).flatMap((node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== name) return [];
    const [first] = node.arguments;
    if (first === undefined) return [];
    if (ts.isStringLiteralLike(first)) return [first.text];
    if (!ts.isTemplateExpression(first)) return [];
    const texts = [first.head.text, ...first.templateSpans.map(({ literal }) => literal.text)];
    return [new RegExp(`^${texts.map(escape).join('.+')}$`)];
  });
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const fits = (name: string, given: string | RegExp): boolean =>
  typeof given === 'string' ? given === name : given.test(name);

/** Names that the top level of a cell gives to later cells. */
function topLevelNames(code: string): string[] {
  const names = (name: ts.BindingName | undefined): string[] => {
    if (name === undefined) return [];
    if (ts.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((part) => (ts.isBindingElement(part) ? names(part.name) : []));
  };
  return parse(code).statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => names(name));
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return names(statement.name);
    }
    return [];
  });
}

/** Names of `{ name }` that the cell itself does not declare. */
function borrowedShorthands(code: string): string[] {
  const file = parse(code);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
  };
  const program = ts.createProgram([file.fileName], { noLib: true, noResolve: true }, host);
  const checker = program.getTypeChecker();
  return nodesOf(file)
    .filter((node) => ts.isShorthandPropertyAssignment(node))
    .filter((node) => checker.getShorthandAssignmentValueSymbol(node) === undefined)
    .map((node) => node.name.text);
}

interface Converter {
  convert(
    declarations: string,
    source: string,
  ): {
    readonly declOutput?: string;
    readonly diagnostics: readonly {
      readonly start: { readonly line: number };
      readonly messageText: string;
    }[];
  };
  close(): void;
}

/** What the kernel's compiler says about the cells, in order. */
function diagnosticsOf(steps: readonly Step[]): string[] {
  const require = createRequire(import.meta.url);
  const converter: Converter = require('tslab/dist/converter.js').createConverter();
  let declarations = '';
  try {
    return steps.flatMap(({ cell, label }) => {
      const { declOutput = declarations, diagnostics } = converter.convert(
        declarations,
        cell.source,
      );
      declarations = declOutput;
      return diagnostics.map(
        ({ start, messageText }) => `${label}, line ${start.line + 1}: ${messageText}`,
      );
    });
  } finally {
    converter.close();
  }
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
    const labels = steps.map(({ cell, label }) => label ?? `none in ${cell.id}`);
    expect(labels.filter((label) => label.startsWith('none'))).toEqual([]);
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
    const given = steps.flatMap(({ code }) => published('value', code));
    const named = ledger.claims.flatMap(({ rules = [] }) =>
      rules.flatMap(({ value, than }) => (typeof than === 'string' ? [value, than] : [value])),
    );
    expect(named.filter((value) => !given.some((one) => fits(value, one)))).toEqual([]);
  });

  test('every published claim stands in the ledger, and is published once', () => {
    const given = steps.flatMap(({ code }) => published('claim', code));
    expect(given.filter((id) => !ledger.claims.some((claim) => fits(claim.id, id)))).toEqual([]);
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
    const given = published('value', 'value("a.b", 1); value(`${model}.x.${kind}`, 2);');
    expect(
      ['a.b', 'mlp.x.y', 'a-b', 'mlp.y'].map((name) => given.some((one) => fits(name, one))),
    ).toEqual([true, true, false, false]);
  });

  test.skipIf(!existsSync('dist/index.d.ts'))('mistakes of type, with cell and line', () => {
    const sources = ['const n: number = 1;', '\nconst text: string = n;', 'n + 1'];
    const steps = sources.map((source, index) => ({
      cell: { source } as CodeCell,
      label: `cell ${index + 1}`,
      code: source,
    }));
    expect(diagnosticsOf(steps)).toEqual([
      "cell 2, line 2: Type 'number' is not assignable to type 'string'.",
    ]);
  });
});
