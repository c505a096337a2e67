/** What ran of a notebook whose build was told to finish: a notebook to look at, beside the report,
 *  which stays as it was. The next whole run replaces it. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Executed } from './execution.js';
import type { Shop } from './make-report.js';
import { savedNotebook } from './saved-notebook.js';
import { onShelf, write } from './shelf-writing.js';

export function unfinishedPath(folder: string, slug: string): string {
  return join(folder, `${slug}.unfinished.ipynb`);
}

/** Saves the cells that ran; resolves to a few words on it. */
export async function saveUnfinished(
  executed: Executed,
  { ran, of }: NonNullable<Executed['unfinished']>,
  slug: string,
  { request, effects, cache }: Shop,
): Promise<string> {
  if (ran === 0) return 'stopped before the first cell';
  const path = unfinishedPath(request.out, slug);
  const text = await savedNotebook(executed, cache);
  await onShelf(request.out, effects.lock, () => write(path, text));
  return `stopped after cell ${ran}/${of}; what ran is in ${path}`;
}

export async function removeUnfinished(folder: string, slug: string): Promise<void> {
  await rm(unfinishedPath(folder, slug), { force: true });
}
