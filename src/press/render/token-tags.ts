import { isSafeLink } from '../document/safe-link.js';
import type { Token } from '../document/types.js';
import { escapeHtml, escapeProse } from './escape.js';

const TAGS =
  /^(p|h[1-6]|ul|ol|li|blockquote|hr|table|thead|tbody|tr|th|td|em|strong|s|a|aside|dl|dt|dd|sub|sup|mark)$/;

/** The tag of a token, when it is one that text may have; of any other token the text. */
export function renderTag(token: Token): string {
  if (!TAGS.test(token.tag)) return escapeProse(token.content ?? '');
  if (token.nesting === -1) {
    return `</${token.tag}>${token.tag === 'table' ? '</div>' : ''}${token.block ? '\n' : ''}`;
  }
  const before = token.tag === 'table' ? '<div class="scroll" tabindex="0">' : '';
  return `${before}<${token.tag}${attributes(token)}>${token.tag === 'hr' ? '\n' : ''}`;
}

function attributes(token: Token): string {
  return (token.attrs ?? []).map(([name, value]) => attribute(name, value)).join('');
}

function attribute(name: string, value: string): string {
  if (name === 'style') {
    const side = /^text-align:\s*(left|right|center)$/.exec(value)?.[1];
    return side === undefined ? '' : ` class="align-${side}"`;
  }
  if (name === 'href') return isSafeLink(value) ? ` href="${escapeHtml(value)}"` : '';
  if (name === 'class') return /^tasks?$/.test(value) ? ` class="${value}"` : '';
  return /^(title|start)$/.test(name) ? ` ${name}="${escapeHtml(value)}"` : '';
}

/** Inline HTML of authors: bare tags of text level pass, all else is shown as text. */
export function plainTag(html: string): string {
  return /^<\/?(br|sub|sup|kbd|em|strong|small|mark)\s*\/?>$/i.test(html) ? html : escapeHtml(html);
}

/** The name of a callout's kind: colour alone tells nothing on grey paper or aloud. */
export function calloutKind({ info = 'note' }: Token): string {
  const name = `${info.charAt(0).toUpperCase()}${info.slice(1)}`;
  return `<span class="callout-kind">${escapeHtml(name)}</span> `;
}

/** Drawn, not an input: nobody can tick it, and it prints like text. */
export function renderCheckbox({ attrs }: Token): string {
  const done = attrs?.some(([name]) => name === 'checked') ?? false;
  const tick = done ? '<path d="M4.4 8.4l2.5 2.7 4.8-5.8"/>' : '';
  return (
    `<svg class="sign box" viewBox="0 0 16 16" role="img" aria-label="${done ? 'done' : 'to do'}">` +
    `<rect x="1.5" y="1.5" width="13" height="13" rx="2"/>${tick}</svg>`
  );
}
