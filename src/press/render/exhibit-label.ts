import { escapeHtml } from './escape.js';

/** `Figure 3.` in front of a caption; nothing for a figure or a table without a number. */
export function exhibitLabel(kind: 'Figure' | 'Table', number: string): string {
  return number === '' ? '' : `<span class="label">${kind} ${escapeHtml(number)}.</span> `;
}
