/** Parts of an SVG may be drawn many times, and what is drawn many times may do so again. */

/** A part with a name: its elements and its references, as ranges over those of the picture. */
interface Part {
  readonly elements: number;
  readonly from: number;
  readonly to: number;
}

/** Larger pictures keep a browser busy for seconds. */
const MOST_ELEMENTS = 100_000;
const DEEPEST = 20;

const TAG = /<(\/?)[\w:]+([^>]*?)(\/?)>/g;
const ID = /\sid="([^"]*)"/;
const REFERENCE = /\s(?:xlink:)?href="#([^"]*)"|url\(#([\w-]+)\)/g;

/** Whether a picture stays small when every reference is followed.
 *  @param svg as the sanitiser writes it: `<` and `>` stand in tags alone, every tag is closed. */
export function isBounded(svg: string): boolean {
  const { whole, parts, references } = readParts(svg);
  const known = new Map<Part, number>();
  const weigh = (part: Part, depth: number): number => {
    const before = known.get(part);
    if (before !== undefined) return before;
    let total = depth > DEEPEST ? Number.POSITIVE_INFINITY : part.elements;
    for (let at = part.from; at < part.to && total <= MOST_ELEMENTS; at++) {
      const target = parts.get(references[at] ?? '');
      if (target !== undefined) total += weigh(target, depth + 1);
    }
    known.set(part, total);
    return total;
  };
  return weigh(whole, 0) <= MOST_ELEMENTS;
}

function readParts(svg: string) {
  const parts = new Map<string, Part>();
  const references: string[] = [];
  const open: { id: string | undefined; elements: number; from: number }[] = [];
  let elements = 0;
  const close = (): void => {
    const part = open.pop();
    if (part?.id === undefined || parts.has(part.id)) return;
    const to = references.length;
    parts.set(part.id, { elements: elements - part.elements, from: part.from, to });
  };
  for (const [, end, attributes = '', selfClosed] of svg.matchAll(TAG)) {
    if (end === '/') {
      close();
      continue;
    }
    open.push({ id: ID.exec(attributes)?.[1], elements, from: references.length });
    elements += 1;
    for (const [, href, url] of attributes.matchAll(REFERENCE)) references.push(href ?? url ?? '');
    if (selfClosed === '/') close();
  }
  return { whole: { elements, from: 0, to: references.length }, parts, references };
}
