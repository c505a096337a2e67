/** Text on its way into HTML. */

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, safe inside elements and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ';
const PLAIN = '0123456789+−n';

/** Superscript characters as plain ones: `⁻³` becomes `−3`. */
export function plainSuperscript(text: string): string {
  return [...text].map((character) => PLAIN[SUPERSCRIPTS.indexOf(character)] ?? '').join('');
}

/** Matches a run of superscript characters; the fonts of the report have only three of them. */
export const SUPERSCRIPT_RUN: RegExp = /[⁰¹²³⁴-⁹⁺⁻ⁿ]+/g;

/** Prose as HTML: escaped, superscript characters as `<sup>`; percent signs stay with their numbers
 *  and short equations (`n = 200`) on one line. */
export function escapeProse(text: string): string {
  const tied = text
    .replace(/(\d) %/g, '$1\u202f%')
    .replace(/ ([=<>≤≥]) (?=[\d−])/g, '\u00a0$1\u00a0');
  return escapeHtml(tied).replace(SUPERSCRIPT_RUN, (run) => `<sup>${plainSuperscript(run)}</sup>`);
}

/** JSON for a `<script type="application/json">`: no character can end the element. */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A string for CSS `content`. */
export function cssString(text: string): string {
  return `"${text.replace(/[\\"\n\r<>]/g, (character) => `\\${character.charCodeAt(0).toString(16)} `)}"`;
}
