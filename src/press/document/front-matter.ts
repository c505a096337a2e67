import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Place } from '../../errors.js';
import type { Notebook } from '../notebook/types.js';
import { parseInline } from './markdown.js';
import type { Report, SourceText } from './source-token.js';
import type { Author } from './types.js';

/** What the first cell says about the report between two lines `---`. Title, question, answer and
 *  paper have their places already: the first heading and the notebook's metadata. */
export interface FrontMatter {
  readonly subtitle: SourceText | null;
  readonly abstract: SourceText | null;
  readonly authors: readonly Author[];
  /** ISO date of the text; without it the page has that of the run. */
  readonly date: string | null;
}

const MATTER = /^---[ \t]*\n(?=[\w-]+:)([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/;

const author = z.union([
  z.string().transform((name) => ({ name })),
  z.strictObject({ name: z.string(), affiliation: z.string().exactOptional() }),
]);

const fields = z.object({
  subtitle: z.string().optional().catch(undefined),
  abstract: z.string().optional().catch(undefined),
  authors: z.array(author).optional().catch(undefined),
  date: z.iso.date().optional().catch(undefined),
});

const NONE: FrontMatter = { subtitle: null, abstract: null, authors: [], date: null };

/** Reads the front matter of the first cell, where it has one, and takes it out of the text; the
 *  lines below keep their numbers. */
export function readFrontMatter(
  notebook: Notebook,
  report: Report,
): { notebook: Notebook; front: FrontMatter } {
  const [first, ...others] = notebook.cells;
  const match = first?.cell_type === 'code' ? null : MATTER.exec(first?.source ?? '');
  if (first === undefined || match === null) return { notebook, front: NONE };
  const rest = match[0].replace(/[^\n]+/g, '') + first.source.slice(match[0].length);
  const cells = [{ ...first, source: rest }, ...others];
  const where: Place = { file: notebook.path, cell: 1 };
  return { notebook: { ...notebook, cells }, front: readFields(match[1] ?? '', where, report) };
}

function readFields(yaml: string, cell: Place, report: Report): FrontMatter {
  // Only texts, lists and maps: a date stays as it was written.
  const document = parseDocument(yaml, { schema: 'failsafe' });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const line = (broken.linePos?.[0].line ?? 1) + 1;
    report(problem({ ...cell, line }, broken.message.split(/ at line|\n/)[0] ?? ''));
    return NONE;
  }
  const given: unknown = document.toJS();
  const read = fields.parse(given);
  const placeOf = (name: string): Place => {
    const line = yaml.split('\n').findIndex((text) => text.startsWith(`${name}:`)) + 2;
    return { ...cell, line };
  };
  for (const name of Object.keys(given as object)) {
    if (!(name in fields.shape)) report(problem(placeOf(name), `“${name}”`));
    else if (read[name as keyof typeof read] === undefined) {
      report(problem(placeOf(name), `another form of ${name}`));
    }
  }
  const text = (name: 'subtitle' | 'abstract'): SourceText | null => {
    const markdown = read[name];
    if (markdown === undefined) return null;
    const where = placeOf(name);
    return { where, tokens: parseInline(markdown.trim(), { where }, report) };
  };
  const { authors = [], date = null } = read;
  return { subtitle: text('subtitle'), abstract: text('abstract'), authors, date };
}

function problem(where: Place, got: string) {
  return {
    rule: 'front-matter-reads',
    severity: 'warning',
    where,
    message: `expected subtitle, authors (a list), date (2026-11-21) or abstract, got ${got}`,
    hint: 'The title is the first heading; question, answer, highlights, paper and language stand in the metadata.',
  } as const;
}
