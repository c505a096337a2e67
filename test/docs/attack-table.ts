/** The tables of docs/attacks.md. */

import { readFileSync } from 'node:fs';
import { type AttackFacts, CATALOGUE } from '../../src/attacks/catalogue.js';
import { readBibtex } from '../../src/press/document/bibliography.js';
import { readBibliography } from '../../src/press/document/citations.js';
import type { ExportedFunction, Option } from './exported-functions.js';

const SYMBOLS = { l0: 'L0', l1: 'L1', l2: 'L2', linf: 'L∞' } as const;
/** Explained above the table: every attack has them. */
const COMMON = ['box', 'batchSize'];

type Attack = ExportedFunction & { readonly options: readonly Option[] };

/** The functions that are attacks. */
export function attacksAmong(functions: readonly ExportedFunction[]): Attack[] {
  return functions.filter((one): one is Attack => one.options !== null);
}

/** One row for each attack of the catalogue, in its order. Throws Error for an attack that is missing
 *  in the catalogue or not exported. */
export function attackTable(functions: readonly ExportedFunction[]): string[] {
  const attacks = new Map(attacksAmong(functions).map((attack) => [attack.name, attack]));
  const missing = [...attacks.keys()].filter((name) => CATALOGUE[name] === undefined);
  const unknown = Object.keys(CATALOGUE).filter((name) => !attacks.has(name));
  if (missing.length + unknown.length > 0) {
    const found = `missing: ${missing.join(', ') || 'none'}; unknown: ${unknown.join(', ') || 'none'}`;
    throw new Error(`expected every exported attack in src/attacks/catalogue.ts, got ${found}`);
  }
  const papers = linksOf(Object.values(CATALOGUE).map(({ paper }) => paper));
  const row = ([name, { norm, knowledge, looksFor, paper, place }]: [string, AttackFacts]) => {
    const { options } = attacks.get(name) as Attack;
    const source = `${papers.get(paper)}, ${place}`;
    const cells = [`\`${name}\``, norms(name, norm, options), knowledge, looksFor, source];
    return `| ${[...cells, `\`${defaults(options)}\``].join(' | ')} |`;
  };
  return [
    '| attack | norm | knows | looks for | paper | options |',
    '|---|---|---|---|---|---|',
    ...Object.entries(CATALOGUE).map(row),
  ];
}

/** One row for each function that is no attack, in the order of the alphabet. */
export function helperTable(functions: readonly ExportedFunction[]): string[] {
  const helpers = functions.filter(({ options }) => options === null);
  const rows = helpers.map(
    ({ name, summary }) => `| \`${name}\` | ${summary.replaceAll('|', '\\|')} |`,
  );
  return ['| function | what it gives |', '|---|---|', ...rows.sort()];
}

/** Short citations with a link, by key. */
function linksOf(keys: readonly string[]): Map<string, string> {
  const bibtex = readFileSync('notebooks/references.bib', 'utf8');
  const [items, { works }] = [readBibtex(bibtex), readBibliography(bibtex, new Set(keys))];
  const missing = keys.filter((key) => items.get(key)?.URL === undefined);
  if (missing.length > 0) throw new Error(`expected ${missing} in references.bib, got none`);
  return new Map(
    keys.map((key) => [key, `[${works.get(key)?.reference.short}](${items.get(key)?.URL})`]),
  );
}

function norms(name: string, norm: AttackFacts['norm'], options: readonly Option[]): string {
  const choices = options.find((option) => option.name === 'norm')?.choices ?? [];
  if ((norm === undefined) === (choices.length === 0)) {
    throw new Error(
      `expected the norm of ${name} in its options or the catalogue, got both or none`,
    );
  }
  const all = norm === undefined ? (choices as (keyof typeof SYMBOLS)[]) : [norm];
  return all.map((one) => SYMBOLS[one]).join(', ');
}

/** `{ eps, steps: 10, target? }`. */
function defaults(options: readonly Option[]): string {
  const own = options.filter(({ name }) => !COMMON.includes(name));
  const one = ({ name, initial, isRequired }: Option): string => {
    if (initial !== null) return `${name}: ${initial}`;
    return isRequired ? name : `${name}?`;
  };
  return `{ ${own.map(one).join(', ')} }`;
}
