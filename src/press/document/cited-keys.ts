import type { ClaimSource } from './claims.js';
import type { HeadSource } from './head.js';
import type { CitationItem } from './markdown-marks.js';
import { optionTexts, type Part } from './read-cells.js';
import type { SourceToken } from './source-token.js';

/** The bibliography keys that the text, the head and the claims cite. */
export function citedKeys(
  parts: readonly Part[],
  head: HeadSource,
  claims: readonly ClaimSource[],
): Set<string> {
  const texts = [
    ...parts.flatMap((part) =>
      part.kind === 'markdown' ? [part.tokens] : optionTexts(part).map(({ tokens }) => tokens),
    ),
    ...[head.title, head.question, head.answer, ...head.highlights],
    ...[head.front.subtitle, head.front.abstract].map((text) => text?.tokens ?? []),
    ...claims.flatMap(({ text, slip }) => [text, slip ?? []]),
  ];
  const papers = [
    ...claims.map(({ claim }) => claim.paper),
    ...(head.paper === null ? [] : [head.paper]),
  ];
  return new Set([...texts.flatMap((tokens) => [...keysIn(tokens)]), ...papers]);
}

function* keysIn(tokens: readonly SourceToken[]): Generator<string> {
  for (const token of tokens) {
    if (token.type === 'citation') {
      for (const { key } of (token.meta as { items: CitationItem[] }).items) yield key;
    }
    if (token.children !== undefined) yield* keysIn(token.children);
  }
}
