import { everyBlock } from '../document/every-block.js';
import type { Block, Document, Token } from '../document/types.js';

/** The document in the order of the page: footnotes of all cells in one list before the references,
 *  and the tables of claims and references at the end, each under a heading, where the author placed
 *  none. The headings of the result are those of the printed page. */
export function arrange(document: Document): Document {
  const notes: Token[] = [];
  const withoutFootnotes = (block: Block): Block => {
    if ('blocks' in block) return { ...block, blocks: block.blocks.map(withoutFootnotes) };
    if (block.kind !== 'prose') return block;
    const { text, footnotes } = splitFootnotes(block.tokens);
    notes.push(...footnotes);
    return { ...block, tokens: text };
  };
  const blocks = document.blocks.map(withoutFootnotes);
  const has = (kind: Block['kind']): boolean =>
    everyBlock(blocks).some((block) => block.kind === kind);
  if (document.claims.length > 0 && !has('claims-table')) {
    blocks.push(heading('Claims', blocks), { kind: 'claims-table' });
  }
  if (document.references.length > 0 && !has('references')) {
    blocks.push(heading('References', blocks), { kind: 'references' });
  }
  return { ...document, blocks: withNotes(blocks, notes) };
}

function splitFootnotes(tokens: readonly Token[]): { text: Token[]; footnotes: Token[] } {
  const start = tokens.findIndex(({ type }) => type === 'footnote_block_open');
  if (start === -1) return { text: [...tokens], footnotes: [] };
  const end = tokens.findIndex(({ type }) => type === 'footnote_block_close');
  return {
    text: [...tokens.slice(0, start), ...tokens.slice(end + 1)],
    footnotes: tokens.slice(start + 1, end),
  };
}

/** A heading that no author wrote; its id is none of theirs. */
function heading(text: string, blocks: readonly Block[]): Block {
  const name = text.toLowerCase();
  const taken = everyBlock(blocks).some((block) => 'id' in block && block.id === name);
  const id = taken ? `all-${name}` : name;
  const tokens: readonly Token[] = [{ type: 'text', tag: '', nesting: 0, content: text }];
  return { kind: 'heading', level: 2, id, number: '', text, tokens };
}

function withNotes(blocks: readonly Block[], notes: readonly Token[]): readonly Block[] {
  if (notes.length === 0) return blocks;
  const list: Block = {
    kind: 'prose',
    tokens: [
      { type: 'footnote_block_open', tag: '', nesting: 1 },
      ...notes,
      { type: 'footnote_block_close', tag: '', nesting: -1 },
    ],
  };
  const references = blocks.findLastIndex(({ kind }) => kind === 'references');
  // The references may start with a heading, which stands one block earlier.
  const headed = blocks[references - 1]?.kind === 'heading';
  const at = references < 0 ? blocks.length : headed ? references - 1 : references;
  return [...blocks.slice(0, at), heading('Notes', blocks), list, ...blocks.slice(at)];
}
