import { describe, expect, it } from 'vitest';
import type { Block, Token } from '../../../src/press/document/types.js';
import { arrange } from '../../../src/press/render/arrange.js';
import { heading, paragraph, sampleDocument, text } from './sample-document.js';

const footnotes = (...inner: Token[]): Token[] => [
  { type: 'footnote_block_open', tag: '', nesting: 1 },
  ...inner,
  { type: 'footnote_block_close', tag: '', nesting: -1 },
];
const shape = (blocks: readonly Block[]): string[] =>
  arrange({ ...sampleDocument(), blocks }).blocks.map((block) =>
    block.kind === 'heading' ? `# ${block.text}` : block.kind,
  );

describe('the order of a page', () => {
  it('ends with claims and references under headings', () => {
    expect(shape([])).toEqual(['# Claims', 'claims-table', '# References', 'references']);
  });

  it('gives headings of its own an id that no author has', () => {
    const own = heading(2, '3', 'claims', 'Claims');
    const { blocks } = arrange({ ...sampleDocument(), blocks: [own] });
    const ids = blocks.flatMap((block) => (block.kind === 'heading' ? block.id : []));
    expect(ids).toEqual(['claims', 'all-claims', 'references']);
  });

  it('leaves tables where the author put them, under the headings of the author', () => {
    const own = heading(2, '3', 'sec-x', 'Scorecard');
    expect(shape([own, { kind: 'claims-table' }, { kind: 'references' }])).toEqual([
      '# Scorecard',
      'claims-table',
      'references',
    ]);
  });

  it('gathers the footnotes of all cells before the references', () => {
    const cell = (note: string): Block => ({
      kind: 'prose',
      tokens: [...paragraph(text('x')), ...footnotes(text(note))],
    });
    const blocks: Block[] = [
      cell('one'),
      cell('two'),
      { kind: 'references' },
      { kind: 'claims-table' },
    ];
    const { blocks: arranged } = arrange({ ...sampleDocument(), blocks });
    expect(shape(blocks)).toEqual([
      'prose',
      'prose',
      '# Notes',
      'prose',
      'references',
      'claims-table',
    ]);
    expect(arranged[3]).toEqual({ kind: 'prose', tokens: footnotes(text('one'), text('two')) });
    expect(arranged[0]).toEqual({ kind: 'prose', tokens: paragraph(text('x')) });
  });

  it('looks into solutions too', () => {
    const inner: Block[] = [
      { kind: 'prose', tokens: [...paragraph(text('x')), ...footnotes(text('one'))] },
      { kind: 'claims-table' },
    ];
    const { blocks } = arrange({
      ...sampleDocument(),
      blocks: [{ kind: 'solution', blocks: inner }],
    });
    expect(blocks[0]).toEqual({
      kind: 'solution',
      blocks: [{ kind: 'prose', tokens: paragraph(text('x')) }, { kind: 'claims-table' }],
    });
    expect(blocks[2]).toEqual({ kind: 'prose', tokens: footnotes(text('one')) });
    const kinds = blocks.map(({ kind }) => kind);
    expect(kinds).toEqual(['solution', 'heading', 'prose', 'heading', 'references']);
  });
});
