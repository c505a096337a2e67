/** The shelf: the folder of finished reports, and `build.json`, which says what each was made from. */

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import type { GridImage } from '../../mime.js';
import type { ColophonEntry } from '../document/types.js';
import type { ScoredClaim } from '../render/scorecard.js';

export type Format = 'html' | 'pdf';
/** The files of a report: its pages and the executed notebook. */
export type Ending = Format | 'ipynb';

/** What the cover needs of one report. */
export interface ShelfEntry {
  readonly number: string;
  readonly title: string;
  readonly answer: string;
  readonly minutes: number;
  readonly claims: readonly ScoredClaim[];
  /** Adversarial images for the strip of the cover. */
  readonly strip: readonly GridImage[];
  /** How the report was made. */
  readonly made: readonly ColophonEntry[];
}

/** Fingerprint of everything a file was made from. */
export type PageKeys = { readonly [ending in Ending]?: string };

const gridImage: z.ZodType<GridImage> = z.object({
  png: z.string(),
  width: z.number(),
  height: z.number(),
  above: z.string().exactOptional(),
  below: z.string().exactOptional(),
  wrong: z.boolean().exactOptional(),
});

const scoredClaim: z.ZodType<ScoredClaim> = z.object({
  id: z.string(),
  tier: z.enum(['core', 'support']),
  verdict: z.enum(['holds', 'holds in part', 'differs', 'not tested here']),
  claim: z.string(),
  paperSays: z.string().exactOptional(),
  here: z.string().exactOptional(),
  open: z.string().exactOptional(),
});

const shelfEntry: z.ZodType<ShelfEntry & { readonly keys: PageKeys }> = z.object({
  number: z.string(),
  title: z.string(),
  answer: z.string(),
  minutes: z.number(),
  claims: z.array(scoredClaim),
  strip: z.array(gridImage),
  made: z.array(z.object({ name: z.string(), text: z.string() })),
  keys: z.object({
    html: z.string().exactOptional(),
    pdf: z.string().exactOptional(),
    ipynb: z.string().exactOptional(),
  }),
});

export interface Shelf {
  readonly folder: string;
  readonly entries: { readonly [slug: string]: ShelfEntry & { readonly keys: PageKeys } };
}

/** Makes the folder. Throws UserError when there can be none. */
export async function makeShelf(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UserError(`expected a folder to write to, got ${folder}`, {
      hint: 'Give another folder with --out.',
      cause,
    });
  });
}

/** Reads the shelf as it is now. A `build.json` that is missing, or damaged, counts as an empty
 *  shelf: everything is made again. */
export async function readShelf(folder: string): Promise<Shelf> {
  try {
    const text = await readFile(join(folder, 'build.json'), 'utf8');
    return { folder, entries: z.record(z.string(), shelfEntry).parse(JSON.parse(text)) };
  } catch {
    return { folder, entries: {} };
  }
}

export function pagePath({ folder }: Pick<Shelf, 'folder'>, slug: string, ending: Ending): string {
  return join(folder, `${slug}.${ending}`);
}

/** A page's address for its neighbours on the shelf; a name may hold spaces, `#` and `%`. */
export function pageAddress(slug: string, ending: Ending): string {
  return `${encodeURIComponent(slug)}.${ending}`;
}

/** Whoever changes the shelf holds this lock: two builds may write to one folder at once. */
export function shelfLock(folder: string): string {
  return join(folder, '.build.lock');
}

/** The file of this key stands on the shelf already. */
export function stands(shelf: Shelf, slug: string, ending: Ending, key: string): boolean {
  return shelf.entries[slug]?.keys[ending] === key && existsSync(pagePath(shelf, slug, ending));
}

/** Writes the whole file or nothing: the old one stays until the new one is complete, and a file
 *  that says the same already is left alone. Resolves to whether it was written. */
export async function write(path: string, content: string | Uint8Array): Promise<boolean> {
  const bytes = Buffer.from(content as Uint8Array);
  const old = await readFile(path).catch(() => null);
  if (old?.equals(bytes)) return false;
  await writeFileAtomic(path, bytes).catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new UserError(`expected to write ${path}, got ${reason}`, {
      hint: 'Check the folder and the free space, or give another folder with --out.',
      cause,
    });
  });
  return true;
}

/** Notes what a report was made from, under the lock. Reads the shelf once more, for another build may
 *  have added to it before. */
export async function shelve(
  folder: string,
  slug: string,
  keys: PageKeys,
  entry: ShelfEntry,
): Promise<void> {
  const { entries } = await readShelf(folder);
  const kept = { ...entries[slug]?.keys, ...keys };
  const next = { ...entries, [slug]: { ...entry, keys: kept } };
  await write(join(folder, 'build.json'), `${JSON.stringify(next, null, 1)}\n`);
}
