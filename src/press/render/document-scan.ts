import { everyBlock } from '../document/every-block.js';
import type { Document, Token } from '../document/types.js';
import { isTypeScript, noteNumber } from './tokens.js';

/** Every token of a document, at any depth, in order. */
function* allTokens(value: unknown): Generator<Token> {
  if (Array.isArray(value)) {
    for (const item of value) yield* allTokens(item);
  } else if (typeof value === 'object' && value !== null) {
    if ('nesting' in value && 'type' in value) yield value as Token;
    for (const [key, inner] of Object.entries(value)) {
      // Specifications, rows and pictures hold no tokens and may be large.
      if (
        !['spec', 'rows', 'data', 'meta'].includes(key) ||
        (key === 'meta' && 'answer' in (inner as object))
      ) {
        yield* allTokens(inner);
      }
    }
  }
}

export interface Needs {
  readonly math: boolean;
  /** TypeScript sources to colour. */
  readonly sources: readonly string[];
  /** Inline tokens of each footnote, by its number on the page. */
  readonly notes: ReadonlyMap<string, readonly Token[]>;
}

/** What a document needs before its tokens can be written. */
export function scanDocument(document: Document): Needs {
  const sources = everyBlock(document.blocks).flatMap((block) =>
    block.kind === 'code' ? [block.source] : [],
  );
  const notes = new Map<string, Token[]>();
  let math = false;
  let note: Token[] | undefined;
  for (const token of allTokens(document)) {
    if (token.type.startsWith('math_')) math = true;
    if (isTypeScript(token)) sources.push(token.content ?? '');
    if (token.type === 'footnote_open') {
      note = [];
      notes.set(noteNumber(token), note);
    }
    if (token.type === 'footnote_close') note = undefined;
    if (token.type === 'inline')
      note?.push(...(token.children ?? []).filter((t) => t.type !== 'footnote_anchor'));
  }
  return { math, sources, notes };
}

/** Element ids that the page will have, for links to cells. */
export function anchorsOf(document: Document): ReadonlySet<string> {
  return new Set(
    everyBlock(document.blocks).flatMap((block) => {
      if (block.kind === 'claim') return block.claim.box ?? [];
      return 'id' in block ? block.id : [];
    }),
  );
}
