import type { Document } from '../document/types.js';
import { arrange } from './arrange.js';
import { readTemplate } from './assets.js';
import { renderBlocks } from './blocks.js';
import { highlightAll } from './code.js';
import { renderContents } from './contents.js';
import { anchorsOf, scanDocument } from './document-scan.js';
import { escapeHtml } from './escape.js';
import { fontCss } from './fonts.js';
import { renderSummary, renderTitle } from './head.js';
import { createMath, mathCss } from './math.js';
import type { RenderOptions } from './options.js';
import type { Page } from './page.js';
import { printedText } from './printed-text.js';
import { renderColophon } from './references.js';
import { runningTitleCss } from './running-title.js';
import { contentPolicy, pageScripts } from './scripts.js';
import { fillTemplate } from './template.js';
import type { TokenContext } from './tokens.js';

/** A report as one self-contained HTML file: it opens from disk, without a network, and makes no
 *  request at all. Its text comes from the document alone; the same document gives the same file.
 *  @throws UserError when a labelled figure cannot be drawn or has data behind an address. */
export async function renderHtml(given: Document, options: RenderOptions): Promise<string> {
  const document = arrange(given);
  const needs = scanDocument(document);
  const tokens = await tokenContext(document, options, needs);
  const page: Page = { document, tokens, cache: options.cache, live: false, loose: 0 };
  const body = {
    head: await renderTitle(document, options, tokens),
    summary: renderSummary(document, tokens),
    contents: renderContents(document, options.target),
    blocks: await renderBlocks(document.blocks, page),
    colophon: renderColophon(document.colophon),
  };
  const html = Object.values(body).join('');
  const scripts = options.target === 'print' ? [] : await pageScripts(page.live);
  return fillTemplate(
    'templates/walkthrough/page.html',
    await readTemplate('walkthrough/page.html'),
    {
      ...body,
      root: `<html lang="${escapeHtml(document.meta.language)}" class="${options.target}">`,
      policy: contentPolicy(scripts),
      meta: metaTags(document, options),
      title: escapeHtml(document.meta.title),
      style: `<style>\n${await styles(document, html, needs.math, options)}</style>`,
      scripts: scripts.map((script) => `<script>${script}</script>`).join('\n'),
    },
  );
}

async function tokenContext(
  document: Document,
  { target, cache }: RenderOptions,
  needs: ReturnType<typeof scanDocument>,
): Promise<TokenContext> {
  const [math, coloured] = await Promise.all([
    needs.math ? createMath() : undefined,
    highlightAll(needs.sources, cache),
  ]);
  return {
    target,
    anchors: anchorsOf(document),
    references: new Map(document.references.map(({ key, id }) => [key, id])),
    math: (tex, display) => math?.(tex, display) ?? escapeHtml(tex),
    highlight: (source) => coloured.get(source) ?? escapeHtml(source),
    notes: needs.notes,
  };
}

function metaTags({ meta }: Document, { key, target }: RenderOptions): string {
  const named: [string, string][] = [['color-scheme', target === 'print' ? 'light' : 'light dark']];
  if (key !== undefined) named.push(['marginalia-key', key]);
  if (meta.authors !== undefined) {
    named.push(['author', meta.authors.map(({ name }) => name).join(', ')]);
  }
  named.push(['date', meta.date], ['generator', 'marginalia']);
  return named
    .map(([name, content]) => `<meta name="${name}" content="${escapeHtml(content)}">`)
    .join('\n');
}

async function styles(
  { meta }: Document,
  html: string,
  math: boolean,
  { cache }: RenderOptions,
): Promise<string> {
  const names = ['base', 'page', 'parts', 'evidence', 'print'];
  const [fonts, formulas, ...sheets] = await Promise.all([
    fontCss(printedText(`${html}${meta.title}`), math ? html : null, cache),
    math ? mathCss() : '',
    ...names.map((name) => readTemplate(`walkthrough/${name}.css`)),
  ]);
  return [fonts, formulas, ...sheets, runningTitleCss(meta.title)].join('\n');
}
