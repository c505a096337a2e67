/** The shelf: the folder of finished reports, and `build.json`, which says what each was made from. */

import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import type { GridImage } from '../../mime.js';
import type { ColophonEntry } from '../document/types.js';
import type { ScoredClaim } from '../render/scorecard.js';
import { type Content, writeTogether } from './shelf-writing.js';

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
  /** Versions and machine. */
  readonly made: readonly ColophonEntry[];
}

/** Fingerprint of everything a file was made from. */
export type PageKeys = { readonly [ending in Ending]?: string };

/** What stands on the shelf of one report. */
type Standing = ShelfEntry & {
  readonly keys: PageKeys;
  /** SHA-256 of each file as it was written. */
  readonly hashes: { readonly [ending in Ending]?: string };
};

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

const byEnding = z.object({
  html: z.string().exactOptional(),
  pdf: z.string().exactOptional(),
  ipynb: z.string().exactOptional(),
});

const standing: z.ZodType<Standing> = z.object({
  number: z.string(),
  title: z.string(),
  answer: z.string(),
  minutes: z.number(),
  claims: z.array(scoredClaim),
  strip: z.array(gridImage),
  made: z.array(z.object({ name: z.string(), text: z.string() })),
  keys: byEnding,
  hashes: byEnding,
});

export interface Shelf {
  readonly folder: string;
  readonly entries: { readonly [slug: string]: Standing };
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
    return { folder, entries: z.record(z.string(), standing).parse(JSON.parse(text)) };
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

/** The file of this key stands on the shelf already, as it was written: not what a killed build left
 *  half-exchanged, nor what somebody has edited. */
export async function stands(
  shelf: Shelf,
  slug: string,
  ending: Ending,
  key: string,
): Promise<boolean> {
  const entry = shelf.entries[slug];
  if (entry?.keys[ending] !== key) return false;
  const bytes = await readFile(pagePath(shelf, slug, ending)).catch(() => null);
  return bytes !== null && sha256(bytes) === entry.hashes[ending];
}

/** Puts the files of a report on the shelf, and notes what they were made from; to be called under the
 *  lock. The note comes last: files that differ from it are made again. Reads the shelf once more, for
 *  another build may have added to it before. */
export async function shelve(
  folder: string,
  slug: string,
  files: ReadonlyMap<Ending, Content>,
  keys: PageKeys,
  entry: ShelfEntry,
): Promise<void> {
  const { entries } = await readShelf(folder);
  const pages = [...files].map(([ending, content]) => ({ ending, content }));
  const hashes = Object.fromEntries(pages.map(({ ending, content }) => [ending, sha256(content)]));
  const next: Standing = {
    ...entry,
    keys: { ...entries[slug]?.keys, ...keys },
    hashes: { ...entries[slug]?.hashes, ...hashes },
  };
  await writeTogether(
    new Map<string, Content>([
      ...pages.map(({ ending, content }) => [pagePath({ folder }, slug, ending), content] as const),
      [join(folder, 'build.json'), `${JSON.stringify({ ...entries, [slug]: next }, null, 1)}\n`],
    ]),
  );
}

const sha256 = (content: Content): string => createHash('sha256').update(content).digest('hex');
