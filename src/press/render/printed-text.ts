const NAMED: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
};

/** The characters that a page prints: text of its elements, without tags, formulas and data. */
export function printedText(html: string): string {
  return html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<span class="katex"[\s\S]*?<\/math>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:#(\d+)|([a-z]+));/g,
      (entity, code: string | undefined, name: string | undefined) => {
        return code === undefined
          ? (NAMED[name ?? ''] ?? entity)
          : String.fromCodePoint(Number(code));
      },
    );
}
