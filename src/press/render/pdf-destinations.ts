import { PDFArray, PDFDict, type PDFDocument, PDFName } from '@cantoo/pdf-lib';

interface Destination {
  /** Page number, counted from 1. */
  readonly page: number;
  /** `[page /XYZ left top zoom]`, as links and outlines of a PDF name a place. */
  readonly place: PDFArray;
}

/** Places in a PDF by element id. */
export type Destinations = ReadonlyMap<string, Destination>;

/** The named places of a PDF that Chromium printed: one for each element that a link leads to. */
export function readDestinations(pdf: PDFDocument): Destinations {
  const found = new Map<string, Destination>();
  const named = pdf.catalog.lookupMaybe(PDFName.of('Dests'), PDFDict);
  if (named === undefined) return found;
  const numbers = new Map(pdf.getPages().map((page, index) => [page.ref.toString(), index + 1]));
  for (const name of named.keys()) {
    const place = named.lookup(name, PDFArray);
    const page = numbers.get(place.get(0).toString());
    if (page !== undefined) found.set(elementId(name.decodeText()), { page, place });
  }
  return found;
}

/** Chromium writes the fragment as it stands in the address: percent-encoded. */
function elementId(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
