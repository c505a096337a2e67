import type { GridImage } from '../../mime.js';
import type { ColophonEntry } from '../document/types.js';
import { readTemplate } from './assets.js';
import { countVerdicts, verdictClass, verdictWords } from './claim.js';
import { escapeHtml, escapeProse } from './escape.js';
import { fontCss } from './fonts.js';
import { renderGrid } from './grid.js';
import type { RenderCache } from './options.js';
import { printedText } from './printed-text.js';
import { renderColophon } from './references.js';
import { listAddress, renderScorecard, type ScoredReport } from './scorecard.js';
import { contentPolicy } from './scripts.js';
import { fillTemplate } from './template.js';

/** One report on the cover. */
interface IndexEntry extends ScoredReport {
  /** The one-sentence answer, plain text. */
  readonly answer: string;
  readonly minutes: number;
  /** Address relative to the cover. */
  readonly pdf?: string;
}

interface IndexOptions {
  readonly language: string;
  readonly title: string;
  /** What the book is, plain text. */
  readonly paragraph: string;
  /** Real adversarial examples from the runs, with what they show. */
  readonly strip?: { readonly images: readonly GridImage[]; readonly caption: string };
  /** How the reports were made. */
  readonly made: readonly ColophonEntry[];
  readonly cache?: RenderCache;
}

/** The cover of the book, self-contained as the reports are and without scripts. */
export async function renderIndex(
  entries: readonly IndexEntry[],
  options: IndexOptions,
): Promise<string> {
  const body = {
    head: `<h1>${escapeProse(options.title)}</h1>\n<p class="lead">${escapeProse(options.paragraph)}</p>`,
    strip: renderStrip(options.strip),
    entries: entries.map(renderEntry).join('\n'),
    scorecard: renderScorecard(entries),
    made: renderColophon(options.made),
  };
  const text = printedText(Object.values(body).join('') + STILL);
  const [fonts, base, page, evidence, cover, template] = await Promise.all([
    fontCss(text, null, options.cache),
    ...['walkthrough/base.css', 'walkthrough/page.css', 'walkthrough/evidence.css'].map(
      readTemplate,
    ),
    readTemplate('index/index.css'),
    readTemplate('index/index.html'),
  ]);
  return fillTemplate('templates/index/index.html', template ?? '', {
    ...body,
    root: `<html lang="${escapeHtml(options.language)}">`,
    policy: contentPolicy([]),
    title: escapeHtml(options.title),
    style: `<style>\n${[fonts, base, page, evidence, cover].join('\n')}</style>`,
  });
}

/** What the template itself says; its characters need glyphs too. */
const STILL = 'How these reports were made Notebooks';

function renderStrip(strip: IndexOptions['strip']): string {
  if (strip === undefined || strip.images.length === 0) return '';
  const grid = renderGrid({ rows: [strip.images], scale: 3 }, strip.caption, 'screen');
  return `<figure class="strip">${grid}<figcaption>${escapeProse(strip.caption)}</figcaption></figure>`;
}

function renderEntry({ number, title, answer, minutes, claims, html, pdf }: IndexEntry): string {
  const address = escapeHtml(html);
  const links = [
    `${minutes} min to read`,
    `<a href="${address}">HTML</a>`,
    ...(pdf === undefined ? [] : [`<a href="${escapeHtml(pdf)}">PDF</a>`]),
  ];
  return (
    `<li><span class="entry-number">${escapeHtml(number)}</span><div>` +
    `<h2><a href="${address}">${escapeProse(title)}</a></h2>\n` +
    `<p class="entry-answer">${escapeProse(answer)}</p>\n${renderBar(claims, number)}` +
    `<ul class="facts">${links.map((link) => `<li>${link}</li>`).join('')}</ul></div></li>`
  );
}

/** Claims by verdict: a thin bar for the eye and the same in words, which lead to their lists. */
function renderBar(claims: IndexEntry['claims'], number: string): string {
  const counted = countVerdicts(claims);
  if (counted.length === 0) return '';
  const bars = counted.map(
    ({ verdict, count }) => `<i class="${verdictClass(verdict)}" style="flex-grow:${count}"></i>`,
  );
  const words = counted.map(
    ({ verdict, count }) =>
      `<a class="count ${verdictClass(verdict)}" href="${listAddress(verdict, number)}">${count} ${verdictWords(verdict, count)}</a>`,
  );
  return (
    `<div class="bar" aria-hidden="true">${bars.join('')}</div>\n` +
    `<p class="claim-count">Claims: ${words.join(', ')}</p>\n`
  );
}
