import type { Block, Document, Token } from '../document/types.js';

/** The document in the order of the page: footnotes of all cells in one list before the references,
 *  headings over the tables of claims and references where the author wrote none, and both tables at
 *  the end where the document lacks them. The headings of the result are those of the printed page. */
export function arrange(document: Document): Document {
  const notes: Token[] = [];
  const blocks: Block[] = document.blocks.map((block) => {
    if (block.kind !== 'prose') return block;
    const { text, footnotes } = splitFootnotes(block.tokens);
    notes.push(...footnotes);
    return { ...block, tokens: text };
  });
  const has = (kind: Block['kind']): boolean => blocks.some((block) => block.kind === kind);
  if (document.claims.length > 0 && !has('claims-table')) blocks.push({ kind: 'claims-table' });
  if (document.references.length > 0 && !has('references')) blocks.push({ kind: 'references' });
  return { ...document, blocks: withNotes(blocks.flatMap(withHeading), notes) };
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

const TITLES: { readonly [kind in Block['kind']]?: string } = {
  'claims-table': 'Claims',
  references: 'References',
};

function withHeading(block: Block, index: number, blocks: readonly Block[]): readonly Block[] {
  const text = TITLES[block.kind];
  if (text === undefined || blocks[index - 1]?.kind === 'heading') return [block];
  return [heading(text.toLowerCase(), text), block];
}

function heading(id: string, text: string): Block {
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
  // The references start with their heading, which stands one block earlier.
  const at = references > 0 ? references - 1 : blocks.length;
  return [...blocks.slice(0, at), heading('notes', 'Notes'), list, ...blocks.slice(at)];
}
