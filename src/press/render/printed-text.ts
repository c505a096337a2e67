const NAMED: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
};

const ENTITY = /&(?:#(\d+)|([a-z]+));/g;

/** The text that a page prints outside of formulas and scripts. */
export function printedText(html: string): string {
  return plainText(splitFormulas(html.replace(/<script[\s\S]*?<\/script>/g, '')).rest);
}

/** KaTeX's visible formulas, and the page without them and without their MathML. */
export function splitFormulas(html: string): { formulas: string; rest: string } {
  const formulas: string[] = [];
  const rest: string[] = [];
  let at = 0;
  for (;;) {
    const start = html.indexOf('<span class="katex-html"', at);
    rest.push(html.slice(at, start === -1 ? undefined : start));
    if (start === -1) break;
    at = endOfSpan(html, start);
    formulas.push(html.slice(start, at));
  }
  const outside = rest.join('').replace(/<math[\s\S]*?<\/math>/g, '');
  return { formulas: formulas.join(''), rest: outside };
}

/** Where the span that begins at `start` is closed. */
function endOfSpan(html: string, start: number): number {
  const tag = /<(\/?)span\b[^>]*>/g;
  tag.lastIndex = start;
  let depth = 0;
  for (let match = tag.exec(html); match !== null; match = tag.exec(html)) {
    depth += match[1] === '/' ? -1 : 1;
    if (depth === 0) return tag.lastIndex;
  }
  return html.length;
}

/** The text of HTML that we wrote ourselves: without tags, entities as characters. */
export function plainText(html: string): string {
  return html.replace(/<[^>]*>/g, '').replace(ENTITY, (entity, code?: string, name?: string) => {
    return code === undefined ? (NAMED[name ?? ''] ?? entity) : String.fromCodePoint(Number(code));
  });
}
