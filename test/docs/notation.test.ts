/** notebooks/notation.md has every symbol of the notebooks, where they use it, and names that exist. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseNotebook } from '../../src/press/notebook/parse.js';
import { symbolsOf } from './symbols.js';

const FOLDER = 'notebooks';
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'));
const numberOf = (file: string): string => file.slice(0, 2);

/** The symbols of each notebook, by its number. */
const used = new Map(
  files.map((file) => {
    const { cells } = parseNotebook(readFileSync(join(FOLDER, file), 'utf8'), file);
    const texts = cells.filter((cell) => cell.cell_type === 'markdown');
    return [numberOf(file), symbolsOf(texts.map(({ source }) => source).join('\n\n'))];
  }),
);

/** One meaning. */
interface Row {
  readonly symbols: readonly string[];
  readonly notebooks: readonly string[];
  readonly names: readonly string[];
}

const rows = readFileSync(join(FOLDER, 'notation.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| $'))
  .map((line): Row => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, symbol = '', , , notebooks = '', names = ''] = cells;
    return {
      symbols: [...symbolsOf(symbol)],
      notebooks: notebooks.split(' '),
      names: [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    };
  });

describe.each([...used])('notebook %s', (notebook, symbols) => {
  const here = rows.filter(({ notebooks }) => notebooks.includes(notebook));

  test('has no symbol that notation.md leaves out', () => {
    const explained = new Set(here.flatMap((row) => row.symbols));
    expect([...symbols].filter((symbol) => !explained.has(symbol))).toEqual([]);
  });

  test('uses the symbols that notation.md says it uses', () => {
    const idle = here.filter((row) => row.symbols.some((symbol) => !symbols.has(symbol)));
    expect(idle.map((row) => row.symbols.join(' '))).toEqual([]);
  });
});

test('names in the code exist', () => {
  const code = ['src/attacks', 'src/lab']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    )
    .join('\n');
  const words = new Set(code.match(/\w+/g));
  expect(rows.flatMap(({ names }) => names).filter((name) => !words.has(name))).toEqual([]);
});

test.each([
  ['indices apart', '$x_i$', ['x', 'i']],
  [
    'marks that make another symbol',
    "$\\tilde x$, $x'$, $x^0$, $f_1$, $\\delta^*$",
    ['\\tilde x', "x'", 'x^0', 'f_1', '\\delta^*'],
  ],
  [
    'named functions',
    '$$\\operatorname{sign}(\\nabla_x J) \\le 1$$',
    ['\\operatorname{sign}', '\\nabla', 'x', 'J'],
  ],
  ['no values, words or code', '$\\max {{a.b | fixed 0}} \\text{reached at}$ `$q$`', []],
])('the search finds %s', (_, text, symbols) => {
  expect([...symbolsOf(text)]).toEqual(symbols);
});
