/** `book.yml`: which notebooks there are, in which order, and how large a run each profile asks for. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../errors.js';

const parameterValue: z.ZodType<string | number | boolean | number[]> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.number()),
]);

const bookSchema = z.strictObject({
  title: z.string(),
  series: z.string(),
  lead: z.string(),
  language: z.string().default('en'),
  bibliography: z.string().default('references.bib'),
  notebooks: z.array(
    z.strictObject({
      file: z.string().endsWith('.ipynb'),
      profiles: z.record(z.string(), z.record(z.string(), parameterValue)).default({}),
    }),
  ),
});

export type ParameterValue = string | number | boolean | number[];
export type Parameters = { readonly [name: string]: ParameterValue };

/** One notebook to build, with everything that lies beside it. */
export interface BookItem {
  /** `01-linear-explanation`. */
  readonly slug: string;
  /** Absolute path, and the path as people write it. */
  readonly path: string;
  readonly shownPath: string;
  readonly kicker: string;
  /** Place in the book, from 1. */
  readonly number: number;
  readonly bibliographyPath: string;
  readonly ledgerPath: string;
  readonly parameters: Parameters;
}

export interface Book {
  readonly title: string;
  readonly series: string;
  readonly lead: string;
  readonly language: string;
  readonly items: readonly BookItem[];
}

export type Profile = 'smoke' | 'quick';
export const PROFILES: readonly Profile[] = ['smoke', 'quick'];

/** Reads `book.yml` and gives each notebook the parameters of the profile.
 *  Throws UserError when the file is missing, is not YAML, or does not have the expected shape. */
export async function readBook(folder: string, profile: Profile): Promise<Book> {
  const path = join(folder, 'book.yml');
  if (!existsSync(path)) {
    throw new UserError(`expected ${path}, got no such file`, {
      hint: 'Run the command in the project folder, or name the notebooks: marginalia build my.ipynb.',
    });
  }
  const book = parseBook(await readFile(path, 'utf8'), path);
  const items = book.notebooks.map((entry, index) => ({
    ...itemOf(join(folder, entry.file), join(folder, book.bibliography)),
    kicker: `${book.series} · Notebook ${index + 1}`,
    number: index + 1,
    parameters: entry.profiles[profile] ?? {},
  }));
  return {
    title: book.title,
    series: book.series,
    lead: book.lead,
    language: book.language,
    items,
  };
}

/** A notebook that no book lists: nothing is injected, ledger and bibliography may lie beside it. */
export function looseItem(path: string): BookItem {
  const item = itemOf(path, join(dirname(path), 'references.bib'));
  return { ...item, kicker: 'Notebook', number: 1, parameters: {} };
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
  try {
    const result = bookSchema.safeParse(parseYaml(text));
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw new UserError(`${issue?.path.join('.')}: ${issue?.message}`, {
      where: { file: path },
      hint: 'notebooks/book.yml of the project shows the expected form.',
    });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line;
    throw new UserError(`expected YAML, got: ${error.message.split('\n')[0]}`, {
      where: line === undefined ? { file: path } : { file: path, line },
    });
  }
}
