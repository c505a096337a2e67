/** The cover of the book, from what the shelf holds. */

import { join } from 'node:path';
import type { GridImage } from '../../mime.js';
import { plainText } from '../document/plain-text.js';
import type { Block, Document, Verdict } from '../document/types.js';
import { type IndexEntry, renderIndex } from '../render/index-page.js';
import type { RenderCache } from '../render/options.js';
import type { Book } from './config.js';
import { type Shelf, type ShelfEntry, write } from './shelf.js';

const VERDICTS: readonly Verdict[] = ['holds', 'holds in part', 'differs', 'not tested here'];

/** What the cover needs of one report; kept on the shelf, so that it can be made again alone. */
export function shelfEntry(document: Document, number: number, pdf: boolean): ShelfEntry {
  const { meta, claims } = document;
  const entry: IndexEntry = {
    slug: meta.slug,
    number: String(number),
    title: meta.title,
    answer: plainText(meta.answer),
    minutes: meta.readingMinutes,
    claims: VERDICTS.map((verdict) => ({
      verdict,
      count: claims.filter((claim) => claim.verdict === verdict).length,
    })),
    html: `${meta.slug}.html`,
    ...(pdf ? { pdf: `${meta.slug}.pdf` } : {}),
  };
  return { entry, strip: adversarialImages(document.blocks), made: document.colophon };
}

/** The adversarial images of the first grid: the last column of its rows. */
function adversarialImages(blocks: readonly Block[]): GridImage[] {
  const grid = blocks.find((block) => block.kind === 'figure' && block.body.type === 'grid');
  if (grid?.kind !== 'figure' || grid.body.type !== 'grid') return [];
  return grid.body.rows.flatMap((row) => row.slice(-1));
}

/** Writes `index.html`: the reports that stand on the shelf, in the order of the book. */
export async function writeIndex(book: Book, shelf: Shelf, cache: RenderCache): Promise<void> {
  const standing = book.items.flatMap(({ slug }) => shelf.entries[slug] ?? []);
  const images = standing.flatMap(({ strip }) => strip).slice(0, 8);
  const html = await renderIndex(
    standing.map(({ entry }) => entry),
    {
      language: book.language,
      title: book.title,
      paragraph: book.lead,
      ...(images.length === 0 ? {} : { strip: { images, caption: STRIP } }),
      made: standing[0]?.made ?? [],
      cache,
    },
  );
  await write(join(shelf.folder, 'index.html'), html);
}

const STRIP =
  'Adversarial digits from these runs, each with the answer of the model that it fools.';
