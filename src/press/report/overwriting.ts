import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../errors.js';
import type { Book, BookItem } from './config.js';
import { pagePath } from './shelf.js';
import { unfinishedPath } from './unfinished.js';

/** Throws UserError when an executed notebook would be written over a notebook that people write. */
export async function refuseOverwriting(
  items: readonly BookItem[],
  book: Book | null,
  out: string,
): Promise<void> {
  const sources = await Promise.all(
    [...items, ...(book?.items ?? [])].map(({ path }) => real(path)),
  );
  for (const { slug } of items) {
    for (const target of [pagePath({ folder: out }, slug, 'ipynb'), unfinishedPath(out, slug)]) {
      if (!sources.includes(await real(target))) continue;
      throw new UserError(`expected another folder for the reports, got ${out}`, {
        hint: `The executed notebook would replace ${target}: give another folder with --out.`,
      });
    }
  }
}

/** A file under its own name, whichever link leads to it; what does not exist, as it is written. */
async function real(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
