import type { Place } from '../../errors.js';
import { type Bibliography, fillCitation } from './citations.js';
import { didYouMean } from './near-matches.js';
import type { Numbering } from './number.js';
import { placeOf, type Report, type SourceText, type SourceToken } from './source-token.js';
import type { Token } from './types.js';
import { fillValue, type Numbers } from './values.js';

/** What the marks in a text may point to. */
export interface Fillings extends Numbers {
  readonly numbering: Numbering;
  readonly bibliography: Bibliography;
  readonly report: Report;
}

/** Tokens ready for the page: values, references and citations filled in, equations numbered. */
export function fill(tokens: readonly SourceToken[], where: Place, fillings: Fillings): Token[] {
  return tokens.map((token) => fillToken(token, where, fillings));
}

/** The same for a text that knows its place. */
export function fillText({ tokens, where }: SourceText, fillings: Fillings): Token[] {
  return fill(tokens, where, fillings);
}

function fillToken(token: SourceToken, where: Place, fillings: Fillings): Token {
  switch (token.type) {
    case 'value':
      return fillValue(token, fillings, where, fillings.report);
    case 'citation':
      return fillCitation(token, fillings.bibliography, where, fillings.report);
    case 'reference':
      return fillReference(token, fillings, where);
    case 'math_block': {
      const number = fillings.numbering.equations.get(token);
      return withoutLine(
        number === undefined ? token : { ...token, meta: { ...token.meta, number } },
      );
    }
    default: {
      const { children } = token;
      const plain = withoutLine(token);
      return children === undefined
        ? plain
        : { ...plain, children: fill(children, where, fillings) };
    }
  }
}

function fillReference(token: SourceToken, fillings: Fillings, cell: Place): Token {
  const { labels } = fillings.numbering;
  const { target, bare } = token.meta as { target: string; bare: boolean };
  const label = labels.get(target);
  if (label === undefined) {
    fillings.report({
      rule: 'reference-exists',
      severity: 'error',
      where: placeOf(token, cell),
      message: `expected a label of this notebook, got “${target}”`,
      hint: didYouMean(
        target,
        labels.keys(),
        'Give the figure, table, equation or section this label.',
      ),
    });
    return { type: 'text', tag: '', nesting: 0, content: `@${target}` };
  }
  const content = bare && label.number !== '' ? label.number : label.text;
  return { type: 'reference', tag: '', nesting: 0, content, meta: { target } };
}

function withoutLine({ line: _, ...token }: SourceToken): Token {
  return token;
}
