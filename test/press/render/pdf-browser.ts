/** What the tests of printing share: the browser of this machine, and a reader of its PDFs. */

import { join } from 'node:path';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { findBrowser } from '../../../setup/browser.mjs';
import { cacheFolder } from '../../../setup/cache-folder.mjs';
import type { BrowserCommand, PdfOptions } from '../../../src/press/render/pdf-options.js';

const root = join(import.meta.dirname, '../../..');
const found = await findBrowser({ root, cache: cacheFolder() });

/** Why tests that print are skipped on this machine; undefined where they run. */
export const noBrowser: string | undefined = 'missing' in found ? found.missing : undefined;

export const browser: BrowserCommand = 'missing' in found ? { path: '', args: [] } : found;

export const OPTIONS: PdfOptions = {
  title: 'A title',
  language: 'en',
  date: '2026-11-21',
  headings: [],
};

export function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  return getDocument({ data: bytes.slice(), verbosity: 0 }).promise;
}

/** The text of each page. */
export async function pageTexts(pdf: PDFDocumentProxy): Promise<string[]> {
  const texts: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    texts.push(
      items.map((item) => ('str' in item ? item.str + (item.hasEOL ? ' ' : '') : '')).join(''),
    );
  }
  return texts;
}
