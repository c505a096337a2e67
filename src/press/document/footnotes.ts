import type { Part } from './read-cells.js';
import type { SourceToken } from './source-token.js';

/** Every cell counts its footnotes from 0; here they are counted on through the notebook. */
export function numberFootnotes(parts: readonly Part[]): Part[] {
  let before = 0;
  return parts.map((part) => {
    if (part.kind === 'code') return part;
    const tokens = shift(part.tokens, before);
    before += part.tokens.filter(({ type }) => type === 'footnote_open').length;
    return { ...part, tokens };
  });
}

function shift(tokens: readonly SourceToken[], by: number): readonly SourceToken[] {
  if (by === 0) return tokens;
  return tokens.map((token) => {
    const { type, meta, children } = token;
    if (children !== undefined) return { ...token, children: shift(children, by) };
    if (!type.startsWith('footnote_') || typeof meta?.id !== 'number') return token;
    return { ...token, meta: { ...meta, id: meta.id + by } };
  });
}
