/** The PDF as a file: what it says about itself and what it carries. */

import { createHash } from 'node:crypto';
import { PDFDocument, PDFHexString } from '@cantoo/pdf-lib';
import type { PdfOptions } from './pdf-options.js';

export function readPdf(bytes: Uint8Array): Promise<PDFDocument> {
  return PDFDocument.load(bytes, { updateMetadata: false });
}

/** Sets title, author, language, dates, identifier and attachments. Nothing of it depends on the
 *  clock or the browser's build.
 *  @param html the page before it was printed. */
export async function describePdf(
  pdf: PDFDocument,
  html: string,
  options: PdfOptions,
): Promise<void> {
  const date = new Date(options.date);
  if (Number.isNaN(date.getTime())) {
    throw new Error(`expected an ISO date for the PDF, got "${options.date}"`);
  }
  pdf.setTitle(options.title, { showInWindowTitleBar: true });
  if (options.author !== undefined) pdf.setAuthor(options.author);
  pdf.setLanguage(options.language);
  pdf.setCreator('marginalia');
  pdf.setProducer('Chromium, finished by marginalia');
  pdf.setCreationDate(date);
  pdf.setModificationDate(date);
  const dates = { creationDate: date, modificationDate: date };
  for (const { name, mime, bytes } of options.attachments ?? []) {
    await pdf.attach(bytes, name, { mimeType: mime, ...dates });
  }
  const id = PDFHexString.of(identifier(html, options));
  pdf.context.trailerInfo.ID = pdf.context.obj([id, id]);
}

/** Objects are packed, tags above all: the file shrinks to half. */
export function writePdf(pdf: PDFDocument): Promise<Uint8Array> {
  return pdf.save({ rewrite: true, addDefaultPage: false, updateFieldAppearances: false });
}

/** 16 bytes as hexadecimal digits, the same for the same report. */
function identifier(html: string, { title, date }: PdfOptions): string {
  return createHash('sha256').update(`${title}\n${date}\n${html}`).digest('hex').slice(0, 32);
}
