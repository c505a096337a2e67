import type { Place } from '../../errors.js';
import type { Part } from './read-cells.js';
import { placeOf, type Report, type SourceToken } from './source-token.js';
import type { Values } from './values.js';

/** Numbers that a person typed into the text although something measures them. */

const NUMBER =
  /(?<![\p{L}\p{N}_.,/×^-])(\d{1,3}(?:[,\u202f\u00a0]\d{3})+|\d+)(\.\d+)?(?![\p{L}\p{N}_]|[-.,/^]\d)(\s?%)?/gu;
/** Words that make a number a place in a book, a date or a version, not a measurement. */
const PLACE_WORDS =
  /\b(?:section|sections|sec\.|chapter|equation|eq\.|figure|fig\.|table|appendix|page|pages|p\.|pp\.|lines?|notebook|note|step|version|level|part|node|ieee|iclr|icml|neurips|nips|arxiv)[\s\u00a0]*$/i;

/** What makes a number the name of an interval: `95 % interval`. */
const INTERVAL_WORDS = /^[\s\u00a0](?:confidence |Wilson )?intervals?\b/;

/** Warns of every typed number that no published value and no setting in the code backs. Small whole numbers,
 *  years, numbers in code and maths, and those in a sentence with a citation are let be. */
export function checkTypedNumbers(parts: readonly Part[], values: Values, report: Report): void {
  const backed = backedNumbers(parts, values);
  for (const part of parts) {
    if (part.kind === 'code') {
      for (const { tokens, where } of [part.caption, ...part.partCaptions]) {
        checkLine(tokens, where, backed, report);
      }
    } else {
      for (const token of part.tokens) {
        if (token.type === 'inline') checkLine(token.children ?? [], part.where, backed, report);
      }
    }
  }
}

type Backed = (typed: number, digits: number, percent: boolean) => boolean;

/** A value backs a number that rounds it; code backs the very numbers that stand in it, since those
 *  are settings. */
function backedNumbers(parts: readonly Part[], values: Values): Backed {
  const measured = [...values.values()].map(({ published }) => published.value);
  const settings = parts.flatMap((part) => (part.kind === 'code' ? literals(part.code) : []));
  return (typed, digits, percent) => {
    const near = (margin: number) => (number: number) =>
      Math.abs(typed - (percent ? number * 100 : number)) <= margin;
    return measured.some(near(0.5 * 10 ** -digits + 1e-9)) || settings.some(near(1e-9));
  };
}

function literals(code: string): number[] {
  const found = code.match(/(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e-?\d+)?/g) ?? [];
  return found.map((text) => Number(text.replaceAll('_', '')));
}

function checkLine(
  tokens: readonly SourceToken[],
  cell: Place,
  backed: Backed,
  report: Report,
): void {
  for (const sentence of sentences(tokens)) {
    if (sentence.some(({ token }) => token.type === 'citation')) continue;
    for (const { token, text } of sentence) {
      if (token.type !== 'text') continue;
      for (const match of text.matchAll(NUMBER)) {
        if (isHarmless(match, text, backed)) continue;
        report({
          rule: 'number-measured',
          severity: 'warning',
          where: placeOf(token, cell),
          message: `expected a published value, got “${match[0].trim()}” typed by hand`,
          hint: 'Publish it and write {{name}}, cite its source, or set it as maths or code.',
        });
      }
    }
  }
}

function isHarmless(match: RegExpExecArray, text: string, backed: Backed): boolean {
  const [, whole = '', fraction = '', percent] = match;
  const number = Number(`${whole.replace(/\D/g, '')}${fraction}`);
  if (fraction === '' && percent === undefined) {
    const isYear = whole.length === 4 && number >= 1900 && number < 2100;
    if (number <= 12 || isYear) return true;
  }
  if (PLACE_WORDS.test(text.slice(0, match.index))) return true;
  if (INTERVAL_WORDS.test(text.slice(match.index + match[0].length))) return true;
  return backed(number, Math.max(0, fraction.length - 1), percent !== undefined);
}

interface Piece {
  readonly token: SourceToken;
  readonly text: string;
}

/** The pieces of text of each sentence. A sentence ends at a stop that a space and a capital follow. */
function sentences(tokens: readonly SourceToken[]): Piece[][] {
  const result: Piece[][] = [[]];
  for (const token of tokens) {
    const texts =
      token.type === 'text' ? (token.content ?? '').split(/(?<=[.!?])\s+(?=\p{Lu})/u) : [''];
    texts.forEach((text, index) => {
      if (index > 0) result.push([]);
      result.at(-1)?.push({ token, text });
    });
  }
  return result;
}
