/** The shelf: the folder of finished reports, and `build.json`, which says what each was made from. */

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { UserError } from '../../errors.js';
import type { GridImage } from '../../mime.js';
import type { ColophonEntry } from '../document/types.js';
import type { IndexEntry } from '../render/index-page.js';

export type Format = 'html' | 'pdf';

/** What the cover needs of one report. */
export interface ShelfEntry {
  readonly entry: IndexEntry;
  /** Adversarial images for the strip of the cover. */
  readonly strip: readonly GridImage[];
  /** How the report was made. */
  readonly made: readonly ColophonEntry[];
}

/** Fingerprint of everything the pages depend on, by format. */
export type PageKeys = { readonly [format in Format]?: string };

export interface Shelf {
  readonly folder: string;
  readonly entries: { readonly [slug: string]: ShelfEntry & { readonly keys: PageKeys } };
}

/** Reads the shelf; an unreadable `build.json` counts as an empty shelf: everything is made again. */
export async function readShelf(folder: string): Promise<Shelf> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new UserError(`expected a folder to write to, got ${folder}`, {
      hint: 'Give another folder with --out.',
      cause,
    });
  }
  try {
    const entries = JSON.parse(await readFile(join(folder, 'build.json'), 'utf8'));
    return { folder, entries };
  } catch {
    return { folder, entries: {} };
  }
}

export function pagePath(shelf: Shelf, slug: string, ending: Format | 'ipynb'): string {
  return join(shelf.folder, `${slug}.${ending}`);
}

/** The page of this key stands on the shelf already. */
export function stands(shelf: Shelf, slug: string, format: Format, key: string): boolean {
  return shelf.entries[slug]?.keys[format] === key && existsSync(pagePath(shelf, slug, format));
}

/** Writes the whole file or nothing: the old one stays until the new one is complete. */
export function write(path: string, content: string | Uint8Array): Promise<void> {
  return writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content));
}

/** The shelf with the new entry, on disk too. */
export async function shelve(
  shelf: Shelf,
  slug: string,
  keys: PageKeys,
  entry: ShelfEntry,
): Promise<Shelf> {
  const kept = { ...shelf.entries[slug]?.keys, ...keys };
  const entries = { ...shelf.entries, [slug]: { ...entry, keys: kept } };
  await write(
    join(shelf.folder, 'build.json'),
    `${JSON.stringify(entries, null, 1)}
`,
  );
  return { ...shelf, entries };
}
