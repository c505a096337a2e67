/** Page numbers in the text. The page has `<span data-pageref="id"></span>` where one belongs: after
 *  a reference it becomes `, p. 7`; with the class `page`, as in the contents, the number alone. */

import { escapeHtml } from './escape.js';

const PLACEHOLDER = /<span(?<page> class="page")? data-pageref="(?<id>[^"]*)"><\/span>/g;

/** Ids whose page numbers are wanted, each once. */
export function pageReferences(html: string): readonly string[] {
  const ids = [...html.matchAll(PLACEHOLDER)].map((match) => plain(match.groups?.id ?? ''));
  return [...new Set(ids)].filter((id) => id !== '');
}

/** Fills the placeholders. One whose id has no page stays empty.
 *  @param pages page number by id, counted from 1. */
export function fillPageReferences(html: string, pages: ReadonlyMap<string, number>): string {
  return html.replace(PLACEHOLDER, (placeholder, shape: string | undefined, id: string) => {
    const page = pages.get(plain(id));
    if (page === undefined) return placeholder;
    return placeholder.replace('></', `>${shape === undefined ? ', p. ' : ''}${page}</`);
  });
}

/** The browser notes the place of an element only where a link leads to it. These links have no
 *  text and no size; the PDF shows and tags nothing of them. */
export function withLandings(html: string, ids: readonly string[]): string {
  const links = [...new Set(ids)].map((id) => `<a href="#${escapeHtml(id)}"></a>`).join('');
  const block = `<div aria-hidden="true" style="position:absolute;top:0;left:0">${links}</div>`;
  const end = html.lastIndexOf('</body>');
  return end < 0 ? html + block : html.slice(0, end) + block + html.slice(end);
}

/** The inverse of `escapeHtml`. */
function plain(attribute: string): string {
  return attribute
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}
