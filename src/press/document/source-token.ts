import type { Token as MarkdownItToken } from 'markdown-it';
import type { Place, Problem } from '../../errors.js';
import type { Token } from './types.js';

/** Takes one mistake of the author; composing goes on. */
export type Report = (problem: Problem) => void;

/** A token as written, before its values, references and citations are filled in. */
export interface SourceToken extends Token {
  /** Line in the cell, counted from 1. */
  readonly line: number;
  readonly children?: readonly SourceToken[];
}

/** A text with the place where it stands. */
export interface SourceText {
  readonly where: Place;
  readonly tokens: readonly SourceToken[];
}

/** The place of a token, for messages. Tokens count lines within their text, so that only the text
 *  of a whole cell tells the line; a caption brings the line on which it stands. */
export function placeOf(token: SourceToken, where: Place): Place {
  const isCell = where.cell !== undefined && where.line === undefined;
  return isCell ? { ...where, line: token.line } : where;
}

/** markdown-it's tokens as plain JSON with lines. Inline tokens have no lines of their own, so line
 *  ends are counted from the first line of their block. */
export function toSourceTokens(tokens: readonly MarkdownItToken[], firstLine = 1): SourceToken[] {
  const result: SourceToken[] = [];
  let line = firstLine;
  for (const token of tokens) {
    if (token.map !== null) line = token.map[0] + 1;
    if (token.type !== 'text' || token.content !== '') result.push(slim(token, line));
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    else if (!token.block) line += token.content.split('\n').length - 1;
  }
  return result;
}

function slim(token: MarkdownItToken, line: number): SourceToken {
  const { type, tag, nesting, attrs, content, markup, info, meta, children } = token;
  const keepsContent = content !== '' && type !== 'inline';
  return {
    type,
    tag,
    nesting,
    line,
    ...(attrs !== null && attrs.length > 0 && { attrs: attrs.map(asTexts) }),
    ...(keepsContent && { content }),
    ...(markup !== '' && { markup }),
    ...(info !== '' && { info }),
    ...(meta !== null && meta !== undefined && { meta }),
    ...(children !== null && { children: toSourceTokens(children, line) }),
    ...(token.block && { block: true }),
    ...(token.hidden && { hidden: true }),
  };
}

/** markdown-it gives the first number of a list as a number. */
function asTexts([name, value]: readonly [string, unknown]): readonly [string, string] {
  return [name, String(value)];
}
