import { escapeHtml } from './escape.js';
import { isSafeLink } from './tokens.js';

const TAG = /<(\/?)([a-z]+)((?:\s[^<>]*)?)>/gi;

/** HTML of the citation library, made from our own .bib file: keeps text-level tags and links, drops
 *  every attribute but a safe `href`. Long addresses may break after slashes. */
export function sanitiseEntry(html: string): string {
  return html
    .replace(TAG, (_, close: string, name: string, attributes: string) => {
      const tag = name.toLowerCase();
      if (tag === 'a') return close === '/' ? '</a>' : `<a${safeHref(attributes)}>`;
      return /^(i|em|b|strong|span|sup|sub)$/.test(tag) ? `<${close}${tag}>` : '';
    })
    .replace(/(>[^<]*https?:[^<]*)/g, (text) => text.replace(/\/(?=[^/\s])/g, '/<wbr>'));
}

function safeHref(attributes: string): string {
  const address = /\bhref="([^"]*)"/.exec(attributes)?.[1];
  if (address === undefined || !isSafeLink(address.replaceAll('&amp;', '&'))) return '';
  return ` href="${escapeHtml(address.replaceAll('&amp;', '&'))}"`;
}
