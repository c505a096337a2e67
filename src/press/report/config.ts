/** `book.yml`: which notebooks there are, in which order, and how large a run each profile asks for. */

import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Place, UserError } from '../../errors.js';

export type Profile = 'smoke' | 'quick' | 'full';
export const PROFILES: readonly Profile[] = ['smoke', 'quick', 'full'];

export type ParameterValue = string | number | boolean | number[];
export type Parameters = { readonly [name: string]: ParameterValue };

const parameters = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]),
);

const bookSchema = z.strictObject({
  title: z.string(),
  series: z.string(),
  lead: z.string(),
  language: z.string().default('en'),
  bibliography: z.string().default('references.bib'),
  measured: z.string().exactOptional(),
  notebooks: z.array(
    z.strictObject({
      file: z.string().endsWith('.ipynb'),
      profiles: z.partialRecord(z.enum(PROFILES), parameters).default({}),
    }),
  ),
});

/** One notebook to build, with everything that lies beside it. */
export interface BookItem {
  /** `01-linear-explanation`. */
  readonly slug: string;
  /** Absolute path, and the path as people write it. */
  readonly path: string;
  readonly shownPath: string;
  readonly kicker: string;
  /** The number that the file name begins with, or the place in the book, from 1. */
  readonly number: number;
  readonly bibliographyPath: string;
  readonly ledgerPath: string;
  /** The file that keeps what runs in profile `full` measured; null where the book names none. */
  readonly measuredPath: string | null;
  readonly parameters: Parameters;
}

export interface Book {
  readonly title: string;
  readonly series: string;
  readonly lead: string;
  readonly language: string;
  readonly items: readonly BookItem[];
}

/** Reads `book.yml` and gives each notebook the parameters of the profile. Throws UserError when the
 *  file is missing, and with its line when it is not YAML or does not have the expected shape. */
export async function readBook(folder: string, profile: Profile): Promise<Book> {
  const path = join(folder, 'book.yml');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError(`expected ${path}, got no such file`, {
      hint: 'Run the command in the project folder, or name the notebooks: marginalia build my.ipynb.',
      cause,
    });
  });
  const { notebooks, bibliography, measured, ...about } = parseBook(text, path);
  const items = notebooks.map(({ file, profiles }, index) => {
    const number = Number(/^\d+/.exec(file)?.[0] ?? index + 1);
    return {
      ...itemOf(join(folder, file), join(folder, bibliography)),
      kicker: `${about.series} · Notebook ${number}`,
      number,
      measuredPath: measured === undefined ? null : join(folder, measured),
      parameters: profiles[profile] ?? {},
    };
  });
  return { ...about, items };
}

/** A notebook that no book lists: nothing is injected and nothing kept for other reports; ledger and
 *  bibliography may lie beside it. */
export function looseItem(path: string): BookItem {
  const item = itemOf(path, join(dirname(path), 'references.bib'));
  return { ...item, kicker: 'Notebook', number: 1, measuredPath: null, parameters: {} };
}

function itemOf(
  path: string,
  bibliographyPath: string,
): Pick<BookItem, 'slug' | 'path' | 'shownPath' | 'bibliographyPath' | 'ledgerPath'> {
  const slug = basename(path, '.ipynb');
  return {
    slug,
    path: resolve(path),
    shownPath: path,
    bibliographyPath,
    ledgerPath: join(dirname(path), 'claims', `${slug}.yaml`),
  };
}

function parseBook(text: string, path: string): z.infer<typeof bookSchema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset = 0): Place => ({ file: path, line: lines.linePos(offset).line });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new UserError(`expected YAML, got: ${broken.message.split(/ at line|\n/)[0]}`, {
      where: at(broken.pos[0]),
      hint: 'Look at the indent and at colons and quotes in this line.',
    });
  }
  const result = bookSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const unknown = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : undefined;
  const where = unknown === undefined ? issue.path : [...issue.path, unknown];
  const message = `expected a valid "${where.join('.')}", got: ${issue.message}`;
  throw new UserError(unknown === undefined ? message : `expected a known key, got "${unknown}"`, {
    where: at(startOf(document, where)),
    hint: 'notebooks/book.yml of the project shows the expected form.',
  });
}

/** Offset of a path in the file, or of the nearest thing around it. */
function startOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const { range } = (node ?? {}) as { range?: readonly number[] };
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}
