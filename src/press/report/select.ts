/** Which notebooks a build is about. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors.js';
import { type Book, type BookItem, looseItem, readBook } from './config.js';
import type { BuildRequest } from './request.js';

export interface Selection {
  /** Null when files were named and there is no book. */
  readonly book: Book | null;
  readonly items: readonly BookItem[];
}

/** The notebooks that were asked for: of the book, or files that no book lists. Throws UserError for
 *  a name that fits none or several, for two notebooks that would print the same report, and for
 *  one whose report would be the cover. */
export async function select(
  request: Pick<BuildRequest, 'bookFolder' | 'notebooks' | 'profile'>,
): Promise<Selection> {
  const { bookFolder, notebooks, profile } = request;
  const loose = notebooks.length > 0 && notebooks.every((name) => name.endsWith('.ipynb'));
  if (loose && !existsSync(join(bookFolder, 'book.yml'))) {
    return { book: null, items: distinct(notebooks.map(looseItem)) };
  }
  const book = await readBook(bookFolder, profile);
  if (notebooks.length === 0) return { book, items: distinct(book.items) };
  return { book, items: distinct(notebooks.map((name) => find(name, book))) };
}

function find(name: string, book: Book): BookItem {
  if (name.endsWith('.ipynb')) {
    return book.items.find(({ path }) => path === resolve(name)) ?? looseItem(name);
  }
  const exact = book.items.find(({ slug }) => slug === name);
  const found = exact ? [exact] : book.items.filter(({ slug }) => slug.startsWith(name));
  const [item, second] = found;
  if (item !== undefined && second === undefined) return item;
  const got = second === undefined ? name : `${name}, which fits ${slugs(found)}`;
  throw new UserError(`expected the name of one notebook, got ${got}`, {
    hint: `The book has ${slugs(book.items)}; a path ends in .ipynb.`,
  });
}

const slugs = (items: readonly BookItem[]): string => items.map(({ slug }) => slug).join(', ');

/** Each notebook once; a report is named after its notebook, so names must differ. */
function distinct(items: readonly BookItem[]): BookItem[] {
  const bySlug = new Map<string, BookItem>();
  for (const item of items) {
    if (item.slug.toLowerCase() === 'index') {
      throw new UserError(
        `expected another name for ${item.shownPath}: index.html is the cover of the reports`,
        { hint: 'Rename the notebook.' },
      );
    }
    const other = bySlug.get(item.slug) ?? item;
    if (other.path !== item.path) {
      throw new UserError(
        `expected notebooks with different names, got ${other.shownPath} and ${item.shownPath}`,
        { hint: 'Build them into different folders with --out, or rename one.' },
      );
    }
    bySlug.set(item.slug, item);
  }
  return [...bySlug.values()];
}
