import {
  type PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  type PDFRef,
} from '@cantoo/pdf-lib';
import type { Destinations } from './pdf-destinations.js';
import type { PdfHeading } from './pdf-options.js';

interface Entry {
  readonly heading: PdfHeading;
  readonly below: Entry[];
}

/** Writes the outline that readers show beside the text: exactly these headings, nested by level.
 *  Chromium's own is of no use: where a heading wraps it loses the space ("shouldwrap").
 *  @throws Error when a heading is not in the PDF. */
export function writeOutline(
  pdf: PDFDocument,
  headings: readonly PdfHeading[],
  destinations: Destinations,
): void {
  if (headings.length === 0) return;
  const outline = pdf.context.obj({ Type: 'Outlines' });
  const ref = pdf.context.register(outline);
  writeEntries(pdf, nest(headings), outline, ref, destinations);
  pdf.catalog.set(PDFName.of('Outlines'), ref);
}

/** A heading lies below the last one before it that has a smaller level. */
function nest(headings: readonly PdfHeading[]): readonly Entry[] {
  const top: Entry[] = [];
  let open: Entry[] = [];
  for (const heading of headings) {
    const entry: Entry = { heading, below: [] };
    open = open.filter((other) => other.heading.level < heading.level);
    (open.at(-1)?.below ?? top).push(entry);
    open.push(entry);
  }
  return top;
}

/** @returns how many entries there are, those below included: a reader shows all of them. */
function writeEntries(
  pdf: PDFDocument,
  entries: readonly Entry[],
  parent: PDFDict,
  parentRef: PDFRef,
  destinations: Destinations,
): number {
  const refs = entries.map(() => pdf.context.nextRef());
  let count = entries.length;
  for (const [index, { heading, below }] of entries.entries()) {
    const destination = destinations.get(heading.id);
    if (destination === undefined) {
      throw new Error(`the heading "${heading.text}" (#${heading.id}) is not on the printed page`);
    }
    const item = pdf.context.obj({ Parent: parentRef, Dest: destination.place });
    item.set(PDFName.of('Title'), PDFHexString.fromText(heading.text));
    link(item, 'Prev', refs[index - 1]);
    link(item, 'Next', refs[index + 1]);
    const ref = refs[index] as PDFRef;
    pdf.context.assign(ref, item);
    if (below.length > 0) count += writeEntries(pdf, below, item, ref, destinations);
  }
  link(parent, 'First', refs[0]);
  link(parent, 'Last', refs.at(-1));
  parent.set(PDFName.of('Count'), pdf.context.obj(count));
  return count;
}

function link(from: PDFDict, key: string, to: PDFRef | undefined): void {
  if (to !== undefined) from.set(PDFName.of(key), to);
}
