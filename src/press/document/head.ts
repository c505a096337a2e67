import { z } from 'zod';
import type { Place, Problem } from '../../errors.js';
import { METADATA_KEY } from '../../mime.js';
import type { Notebook } from '../notebook/types.js';
import { unknownKey } from './citations.js';
import { type Fillings, fill, fillText } from './fill.js';
import type { FrontMatter } from './front-matter.js';
import { parseInline } from './markdown.js';
import { plainText } from './plain-text.js';
import type { MarkdownPart, Part } from './read-cells.js';
import type { Report, SourceToken } from './source-token.js';
import type { ComposeContext, DocumentMeta } from './types.js';

/** The head of a report, read; marks are not filled in yet. */
export interface HeadSource {
  readonly where: Place;
  readonly title: readonly SourceToken[];
  readonly question: readonly SourceToken[];
  readonly answer: readonly SourceToken[];
  readonly highlights: readonly (readonly SourceToken[])[];
  readonly paper: string | null;
  readonly language: string | null;
  readonly front: FrontMatter;
}

const headMetadata = z.object({
  title: z.string().optional(),
  question: z.string().optional(),
  answer: z.string().optional(),
  highlights: z.array(z.string()).optional(),
  paper: z.string().optional(),
  language: z.string().optional(),
});

const MAX_HIGHLIGHTS = 3;
const WORDS_A_MINUTE = 220;

/** Reads the head out of the notebook's metadata and takes the title, the first heading of the first
 *  level, out of the text. */
export function readHead(
  notebook: Notebook,
  front: FrontMatter,
  parts: readonly Part[],
  slug: string,
  report: Report,
): { head: HeadSource; body: Part[] } {
  const where: Place = { file: notebook.path };
  const result = headMetadata.safeParse(notebook.metadata[METADATA_KEY] ?? {});
  const head = result.success ? result.data : {};
  if (!result.success) report(headProblem(where, describeIssue(result.error)));
  else if (head.question === undefined || head.answer === undefined) {
    report(headProblem(where, 'expected a question and its answer, got less'));
  }
  const inline = (text: string): SourceToken[] => parseInline(text, { where }, report);
  const { title, body } = takeTitle(parts);
  const given = head.title ?? (title === null ? (notebook.metadata.title ?? slug) : null);
  const highlights = (head.highlights ?? []).slice(0, MAX_HIGHLIGHTS).map(inline);
  if ((head.highlights ?? []).length > MAX_HIGHLIGHTS) {
    report(headProblem(where, `expected up to ${MAX_HIGHLIGHTS} highlights, got more`));
  }
  return {
    head: {
      where,
      title: given === null ? (title ?? []) : inline(given),
      question: inline(head.question ?? ''),
      answer: inline(head.answer ?? ''),
      highlights,
      paper: head.paper ?? null,
      language: head.language ?? null,
      front,
    },
    body,
  };
}

/** The head as the page shows it. */
export function composeHead(
  head: HeadSource,
  body: readonly Part[],
  context: ComposeContext,
  fillings: Fillings,
): DocumentMeta {
  const filled = (tokens: readonly SourceToken[]) => fill(tokens, head.where, fillings);
  const { slug, kicker, profile } = context;
  const { subtitle, abstract, authors, date } = head.front;
  const work = head.paper === null ? undefined : fillings.bibliography.works.get(head.paper);
  if (head.paper !== null && work === undefined) {
    fillings.report(unknownKey(head.paper, fillings.bibliography, head.where));
  }
  return {
    slug,
    title: plainText(filled(head.title)),
    ...(subtitle && { subtitle: fillText(subtitle, fillings) }),
    ...(authors.length > 0 && { authors }),
    ...(abstract && { abstract: fillText(abstract, fillings) }),
    kicker,
    answer: filled(head.answer),
    question: plainText(filled(head.question)),
    highlights: head.highlights.map(filled).map((tokens) => ({ tokens, text: plainText(tokens) })),
    ...(work && {
      paper: { key: work.reference.key, html: work.reference.html, short: work.reference.short },
    }),
    language: head.language ?? context.language,
    date: date ?? context.date,
    readingMinutes: readingMinutes(body),
    profile,
  };
}

/** The words of the first first-level heading, and the parts without it. */
function takeTitle(parts: readonly Part[]): { title: readonly SourceToken[] | null; body: Part[] } {
  const first = parts.find((part): part is MarkdownPart => part.kind === 'markdown');
  const at =
    first?.tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h1') ?? -1;
  if (first === undefined || at === -1) return { title: null, body: [...parts] };
  const tokens = first.tokens.toSpliced(at, 3);
  const body = parts.map((part) => (part === first ? { ...first, tokens } : part));
  return { title: first.tokens[at + 1]?.children ?? [], body };
}

function readingMinutes(parts: readonly Part[]): number {
  const texts = parts.map((part) =>
    plainText(part.kind === 'markdown' ? part.tokens : part.caption.tokens),
  );
  const words = texts.join(' ').match(/\p{L}[\p{L}\p{N}'’-]*/gu)?.length ?? 0;
  return Math.max(1, Math.round(words / WORDS_A_MINUTE));
}

function headProblem(where: Place, message: string): Problem {
  return {
    rule: 'head-complete',
    severity: 'warning',
    where,
    message,
    hint: `Write it in the notebook's metadata under ${METADATA_KEY}: question, answer, highlights, paper.`,
  };
}

function describeIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'expected a head'}`;
}
