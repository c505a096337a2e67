import { everyBlock } from '../document/every-block.js';
import type { Document, HeadingBlock } from '../document/types.js';
import { escapeHtml, escapeProse } from './escape.js';
import type { Target } from './options.js';

/** From so many headings, figures and tables on a printed report has more than eight pages. */
const LONG = 20;

/** The contents: a rail beside the text on wide screens, a list with page numbers in long prints. */
export function renderContents(document: Document, target: Target): string {
  const headings = everyBlock(document.blocks).filter((block) => block.kind === 'heading');
  if (headings.length < 2 || (target === 'print' && !isLong(document))) return '';
  const items = headings.map((heading) => item(heading, target));
  return (
    `<nav class="contents" aria-label="Contents"><p class="contents-title">Contents</p>` +
    `<ol>${items.join('\n')}</ol></nav>\n`
  );
}

function isLong({ blocks }: Document): boolean {
  const weighty = everyBlock(blocks).filter(({ kind }) =>
    ['heading', 'figure', 'table'].includes(kind),
  );
  return weighty.length >= LONG;
}

function item({ level, id, number, text }: HeadingBlock, target: Target): string {
  const name = `<span class="number">${escapeHtml(number)}</span><span>${escapeProse(text)}</span>`;
  const page =
    target === 'print' ? `<span class="page" data-pageref="${escapeHtml(id)}"></span>` : '';
  return `<li class="level-${level}"><a href="#${escapeHtml(id)}">${name}</a>${page}</li>`;
}
