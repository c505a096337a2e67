/** The cover of the book, from what the shelf holds. */

import { join } from 'node:path';
import type { GridImage } from '../../mime.js';
import { plainText } from '../document/plain-text.js';
import type { Block, ClaimView, Document } from '../document/types.js';
import { renderIndex } from '../render/index-page.js';
import type { RenderCache } from '../render/options.js';
import type { ScoredClaim } from '../render/scorecard.js';
import type { Book } from './config.js';
import { pageAddress, readShelf, type ShelfEntry, stands } from './shelf.js';
import { write } from './shelf-writing.js';

/** Lines of a colophon that hold for all reports of a build; data and trainings are a report's own. */
const ON_THE_COVER: ReadonlySet<string> = new Set(['marginalia', 'Kernel', 'Engine', 'Machine']);

/** What the cover needs of one report; kept on the shelf, so that the cover can be made alone. */
export function shelfEntry(
  { meta, claims, blocks, colophon }: Document,
  number: number,
): ShelfEntry {
  return {
    number: String(number),
    title: meta.title,
    answer: plainText(meta.answer),
    minutes: meta.readingMinutes,
    claims: claims.map(scored),
    strip: adversarialImages(blocks),
    made: colophon.filter(({ name }) => ON_THE_COVER.has(name)),
  };
}

function scored(view: ClaimView): ScoredClaim {
  const { id, tier, verdict, claim, paperSays, open } = view;
  const here = measured(view);
  return {
    id,
    tier,
    verdict,
    claim: plainText(claim),
    ...(paperSays !== undefined && { paperSays }),
    ...(here !== undefined && { here }),
    ...(open !== undefined && { open }),
  };
}

/** What this run measured, and the full run where it alone judges or judges otherwise. */
function measured({ here, verdict, full }: ClaimView): string | undefined {
  if (full === undefined) return here;
  if (here === undefined) return `full run: ${full.here}`;
  return full.verdict === verdict ? here : `${here}; full run: ${full.here}, ${full.verdict}`;
}

/** The adversarial images of the first grid: those in the last column of its rows that a model misreads. */
function adversarialImages(blocks: readonly Block[]): GridImage[] {
  const grid = blocks.find((block) => block.kind === 'figure' && block.body.type === 'grid');
  if (grid?.kind !== 'figure' || grid.body.type !== 'grid') return [];
  return grid.body.rows.flatMap((row) => row.slice(-1)).filter(({ wrong }) => wrong === true);
}

interface Listed extends ShelfEntry {
  readonly slug: string;
  /** Addresses of its pages. */
  readonly html: string;
  readonly pdf?: string;
}

/** Writes `index.html`: the reports that stand in `folder`, in the order of the book. A report is
 *  listed once it has an HTML page, with its PDF unless that is older. Resolves to a few words on
 *  what was done. */
export async function writeIndex(book: Book, folder: string, cache: RenderCache): Promise<string> {
  const shelf = await readShelf(folder);
  const standing: Listed[] = [];
  for (const { slug } of book.items) {
    const entry = shelf.entries[slug];
    const { html = '', ipynb = '' } = entry?.keys ?? {};
    if (entry === undefined || !(await stands(shelf, slug, 'html', html))) continue;
    const hasPdf = await stands(shelf, slug, 'pdf', ipynb);
    const pdf = hasPdf ? { pdf: pageAddress(slug, 'pdf') } : {};
    standing.push({ ...entry, slug, html: pageAddress(slug, 'html'), ...pdf });
  }
  if (standing.length === 0) return 'no report to list';
  const images = standing.flatMap(({ strip }) => strip).slice(0, 8);
  const html = await renderIndex(standing, {
    language: book.language,
    title: book.title,
    paragraph: book.lead,
    ...(images.length === 0 ? {} : { strip: { images, caption: STRIP } }),
    made: standing[0]?.made ?? [],
    cache,
  });
  const path = join(folder, 'index.html');
  return (await write(path, html)) ? path : 'nothing has changed';
}

const STRIP =
  'Adversarial digits from these runs, each with the answer of the model that it fools.';
