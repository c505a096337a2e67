import type { Token, ValueMark } from '../document/types.js';
import { escapeHtml, escapeProse } from './escape.js';
import type { Target } from './options.js';
import { calloutKind, plainTag, renderCheckbox, renderTag } from './token-tags.js';
import { valueNote } from './value-note.js';

/** What the handlers below look up; everything dear was computed before. */
export interface TokenContext {
  readonly target: Target;
  /** Element ids that exist on the page: a link to any other id is not made. */
  readonly anchors: ReadonlySet<string>;
  /** Reference id by bibliography key. */
  readonly references: ReadonlyMap<string, string>;
  /** TeX to HTML. */
  readonly math: (tex: string, display: boolean) => string;
  /** TypeScript to coloured lines. */
  readonly highlight: (source: string) => string;
  /** Inline tokens of each footnote, by its number on the page. */
  readonly notes: ReadonlyMap<string, readonly Token[]>;
}

type Handler = (token: Token, context: TokenContext) => string;

const handlers: { readonly [type: string]: Handler } = {
  inline: (token, context) => renderTokens(token.children ?? [], context),
  text: (token) => escapeProse(token.content ?? ''),
  text_special: (token) => escapeProse(token.content ?? ''),
  softbreak: () => '\n',
  hardbreak: () => '<br>\n',
  code_inline: (token) => `<code>${escapeHtml(token.content ?? '')}</code>`,
  code_block: (token) => plainCode(token.content ?? ''),
  fence: (token, context) =>
    isTypeScript(token)
      ? `<pre class="code" tabindex="0"><code>${context.highlight(token.content ?? '')}</code></pre>`
      : plainCode(token.content ?? ''),
  html_block: (token) => `<p>${escapeProse(token.content ?? '')}</p>`,
  html_inline: (token) => plainTag(token.content ?? ''),
  image: renderImage,
  math_inline: (token, context) => context.math(token.content ?? '', false),
  math_block: renderEquation,
  value: renderValue,
  reference: renderReference,
  citation: renderCitation,
  footnote_ref: renderFootnoteReference,
  callout_open: (token) => `<aside class="callout callout-${escapeHtml(token.info ?? 'note')}">\n`,
  callout_title_open: (token) => `<p class="callout-title">${calloutKind(token)}`,
  checkbox_input: renderCheckbox,
  footnote_block_open: () => '<ol class="notes">\n',
  footnote_block_close: () => '</ol>\n',
  footnote_open: (token) => `<li id="note-${noteNumber(token)}" value="${noteNumber(token)}">`,
  footnote_close: () => '</li>\n',
  footnote_anchor: (token) =>
    ` <a class="back" href="#note-ref-${noteNumber(token)}" aria-label="Back to the text">↑</a>`,
};

/** markdown-it tokens as HTML. Every text is escaped; only known tags and attributes are written. */
export function renderTokens(tokens: readonly Token[], context: TokenContext): string {
  return tokens.map((token) => renderToken(token, context)).join('');
}

/** Is this a code fence that the highlighter should colour? */
export function isTypeScript(token: Token): boolean {
  return (
    token.type === 'fence' && /^(ts|typescript|js|javascript)\b/.test(token.info?.trim() ?? '')
  );
}

/** The number that a footnote has on the page, from 1. */
export function noteNumber(token: Token): string {
  return String(Number(token.meta?.id ?? 0) + 1);
}

function renderToken(token: Token, context: TokenContext): string {
  if (token.hidden === true) return '';
  const handler = handlers[token.type];
  return handler === undefined ? renderTag(token) : handler(token, context);
}

function plainCode(source: string): string {
  return `<pre class="code" tabindex="0"><code>${escapeHtml(source.replace(/\n$/, ''))}</code></pre>\n`;
}

function renderImage(token: Token): string {
  const source = token.attrs?.find(([name]) => name === 'src')?.[1] ?? '';
  const alt = escapeHtml(token.content ?? '');
  return /^data:image\/(png|jpeg|gif|webp);base64,[\w+/=]+$/.test(source)
    ? `<img src="${source}" alt="${alt}">`
    : `<span class="missing">[image not included: ${alt}]</span>`;
}

function renderEquation(token: Token, context: TokenContext): string {
  const { id, number } = token.meta ?? {};
  const anchor = typeof id === 'string' ? ` id="${escapeHtml(id)}"` : '';
  const label = typeof number === 'string' || typeof number === 'number' ? `(${number})` : '';
  const tag = label === '' ? '' : `<span class="equation-number">${escapeHtml(label)}</span>`;
  const body = context.math(token.content ?? '', true);
  return `<div class="equation"${anchor}><div class="equation-body">${body}</div>${tag}</div>\n`;
}

function renderValue(token: Token, context: TokenContext): string {
  const text = escapeProse(token.content ?? '');
  if (context.target === 'print') return `<span class="value">${text}</span>`;
  const mark = token.meta as unknown as ValueMark;
  const title = escapeHtml(valueNote(mark));
  return context.anchors.has(mark.cell)
    ? `<a class="value" href="#${escapeHtml(mark.cell)}" title="${title}">${text}</a>`
    : `<span class="value" title="${title}">${text}</span>`;
}

function renderReference(token: Token, context: TokenContext): string {
  const target = escapeHtml(String(token.meta?.target ?? ''));
  const page = context.target === 'print' ? `<span data-pageref="${target}"></span>` : '';
  return `<a href="#${target}">${escapeProse(token.content ?? '')}</a>${page}`;
}

function renderCitation(token: Token, context: TokenContext): string {
  const keys = Array.isArray(token.meta?.keys) ? token.meta.keys : [];
  const id = keys.map((key) => context.references.get(String(key))).find((found) => found);
  const text = escapeProse(token.content ?? '');
  return id === undefined ? text : `<a class="citation" href="#${escapeHtml(id)}">${text}</a>`;
}

function renderFootnoteReference(token: Token, context: TokenContext): string {
  const number = noteNumber(token);
  const again = Number(token.meta?.subId ?? 0) > 0;
  const id = again ? '' : ` id="note-ref-${number}"`;
  const link = `<sup class="note-ref"><a${id} href="#note-${number}">${number}</a></sup>`;
  const note = context.notes.get(number);
  if (note === undefined || again || context.target === 'print') return link;
  // The margin repeats the note on wide screens; the list at the end is the one that is read aloud.
  const margin = renderTokens(note, { ...context, notes: new Map() });
  return `${link}<span class="sidenote" aria-hidden="true"><sup>${number}</sup> ${margin}</span>`;
}
