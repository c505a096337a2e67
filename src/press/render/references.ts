import type { ColophonEntry, Reference } from '../document/types.js';
import { escapeHtml, escapeProse } from './escape.js';
import { entryHtml } from './reference-html.js';

/** The bibliography, one entry an item, in the order given. */
export async function renderReferences(references: readonly Reference[]): Promise<string> {
  const items: string[] = [];
  for (const { id, html } of references) {
    items.push(`<li id="${escapeHtml(id)}">${await entryHtml(html)}</li>`);
  }
  return `<ul class="references">${items.join('\n')}</ul>\n`;
}

/** How the page was made: versions, seeds, data, times. */
export function renderColophon(entries: readonly ColophonEntry[]): string {
  const rows = entries.map(({ name, text }) => {
    return `<div><dt>${escapeProse(name)}</dt><dd>${escapeProse(text)}</dd></div>`;
  });
  return `<dl class="colophon">${rows.join('\n')}</dl>\n`;
}
