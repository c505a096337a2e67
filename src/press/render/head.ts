import type { Document, Token } from '../document/types.js';
import { countVerdicts, verdictClass, verdictWords } from './claim.js';
import { escapeHtml, escapeProse } from './escape.js';
import type { RenderOptions } from './options.js';
import { entryHtml } from './reference-html.js';
import { renderTokens, type TokenContext } from './tokens.js';

/** Kicker, title, subtitle, authors, answer, paper, date, reading time, links and abstract. */
export async function renderTitle(
  { meta }: Document,
  options: RenderOptions,
  context: TokenContext,
): Promise<string> {
  const paper =
    meta.paper === undefined
      ? ''
      : `<p class="paper">Follows ${await entryHtml(meta.paper.html)}</p>\n`;
  const facts = [
    `<time datetime="${escapeHtml(meta.date)}">${longDate(meta.date)}</time>`,
    `${meta.readingMinutes} min to read`,
    ...(meta.profile === '' ? [] : [`${escapeHtml(meta.profile)} run`]),
    ...links(options),
  ];
  const items = facts.map((fact) => `<li>${fact}</li>`).join('');
  return (
    `<p class="kicker">${escapeProse(meta.kicker)}</p>\n<h1>${escapeProse(meta.title)}</h1>\n` +
    `${paragraph('subtitle', meta.subtitle, context)}${paragraph('answer', meta.answer, context)}` +
    `${renderAuthors(meta)}${paper}<ul class="facts">${items}</ul>\n` +
    `${paragraph('abstract', meta.abstract, context)}`
  );
}

function paragraph(
  name: 'subtitle' | 'answer' | 'abstract',
  tokens: readonly Token[] = [],
  context: TokenContext,
): string {
  const text = renderTokens(tokens, context);
  return text === '' ? '' : `<p class="${name}">${text}</p>\n`;
}

function renderAuthors({ authors = [] }: Document['meta']): string {
  if (authors.length === 0) return '';
  const items = authors.map(({ name, affiliation }) => {
    const place =
      affiliation === undefined
        ? ''
        : ` <span class="affiliation">${escapeProse(affiliation)}</span>`;
    return `<li>${escapeProse(name)}${place}</li>`;
  });
  return `<ul class="authors">${items.join('')}</ul>\n`;
}

function links({ target, links: { pdf, notebook, home } }: RenderOptions): string[] {
  if (target === 'print') return [];
  const named = [
    [pdf, 'PDF'],
    [notebook, 'Notebook'],
    [home, 'All notebooks'],
  ] as const;
  return named.flatMap(([address, name]) =>
    address === undefined ? [] : [`<a href="${escapeHtml(address)}">${name}</a>`],
  );
}

/** `21 November 2026`; other texts stay as they are. */
function longDate(iso: string): string {
  const date = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return escapeHtml(iso);
  const format = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(date);
}

/** The question, the values that answer it, and how the claims fared. Empty without a question. */
export function renderSummary({ meta, claims }: Document, context: TokenContext): string {
  if (meta.question === '' && meta.highlights.length === 0) return '';
  const question =
    meta.question === '' ? '' : `<p class="question">${escapeProse(meta.question)}</p>\n`;
  const highlights = meta.highlights.map(
    ({ tokens }) => `<li>${renderTokens(tokens, context)}</li>`,
  );
  const list =
    highlights.length === 0 ? '' : `<ul class="highlights">${highlights.join('')}</ul>\n`;
  return `<section class="summary" aria-label="Summary">${question}${list}${claimCount(claims)}</section>\n`;
}

function claimCount(claims: Document['claims']): string {
  const counts = countVerdicts(claims);
  if (counts.length === 0) return '';
  const parts = counts.map(
    ({ verdict, count }) =>
      `<span class="count ${verdictClass(verdict)}"><b>${count}</b> ${verdictWords(verdict, count)}</span>`,
  );
  const noun = claims.length === 1 ? 'claim' : 'claims';
  return `<p class="claim-count">${claims.length} ${noun}: ${parts.join(', ')}</p>\n`;
}
