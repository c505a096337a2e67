/** The steps from a page to its PDF: print until the page numbers in the text are right, then finish. */

import type { PDFDocument } from '@cantoo/pdf-lib';
import type { Sheet } from './pdf-browser.js';
import { type Destinations, readDestinations } from './pdf-destinations.js';
import { describePdf, readPdf, writePdf } from './pdf-file.js';
import type { PdfOptions } from './pdf-options.js';
import { writeOutline } from './pdf-outline.js';
import { fillPageReferences, pageReferences, withLandings } from './pdf-references.js';

interface Print {
  readonly pdf: PDFDocument;
  readonly destinations: Destinations;
}

/** Page numbers move the text that they stand in: this often the page is printed at most. */
const PASSES = 3;

/** What stands for a page number before the first print: most have one digit. */
const GUESS = 8;

/** Prints the page on this sheet, and closes it. */
export async function printReport(
  sheet: Sheet,
  html: string,
  options: PdfOptions,
): Promise<Uint8Array> {
  const { pdf, destinations } = await printNumbered(sheet, html, options);
  await sheet.close();
  writeOutline(pdf, options.headings, destinations);
  await describePdf(pdf, html, options);
  return writePdf(pdf);
}

/** Prints until no page number changes. When they still do in the last pass (a reference that
 *  pushes its own target back and forth), that pass is taken as it is. */
async function printNumbered(sheet: Sheet, html: string, options: PdfOptions): Promise<Print> {
  const wanted = pageReferences(html);
  const landed = withLandings(html, [...wanted, ...options.headings.map(({ id }) => id)]);
  let pages = new Map(wanted.map((id) => [id, GUESS]));
  for (let pass = 1; ; pass++) {
    const pdf = await readPdf(await sheet.print(fillPageReferences(landed, pages)));
    const destinations = readDestinations(pdf);
    const found = new Map<string, number>();
    for (const id of wanted) {
      const page = destinations.get(id)?.page;
      if (page !== undefined) found.set(id, page);
    }
    if (pass === PASSES || sameEntries(pages, found)) return { pdf, destinations };
    pages = found;
  }
}

function sameEntries<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
