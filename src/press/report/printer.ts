/** The printer: one browser for all reports of a build, started when the first page is printed. */

import { UserError } from '../../errors.js';
import { everyBlock } from '../document/every-block.js';
import type { Document } from '../document/types.js';
import { arrange } from '../render/arrange.js';
import { openPrinter, type Printer } from '../render/pdf.js';
import type { PdfOptions } from '../render/pdf-options.js';
import type { BrowserFinding, BuildEffects } from './effects.js';
import type { Format } from './shelf.js';

export interface LazyPrinter {
  /** Whether a browser starts here. Without one a build of several formats goes on, and says once
   *  what it leaves out; a build of PDF alone throws a UserError. */
  ready(): Promise<boolean>;
  /** `notebook`: the executed notebook as nbformat JSON, attached to the PDF. */
  print(html: string, document: Document, notebook: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function lazyPrinter(formats: readonly Format[], effects: BuildEffects): LazyPrinter {
  let found: Promise<BrowserFinding> | undefined;
  let printer: Promise<Printer> | undefined;
  const find = async (): Promise<BrowserFinding> => {
    const finding = await effects.findBrowser();
    if (!('missing' in finding)) return finding;
    if (!formats.includes('html')) {
      throw new UserError(`expected a browser that prints PDF, got none: ${finding.missing}`);
    }
    effects.warn(`warning: no PDF is written: ${finding.missing}`);
    return finding;
  };
  const browser = (): Promise<BrowserFinding> => {
    found ??= find();
    return found;
  };
  return {
    ready: async () => !('missing' in (await browser())),
    async print(html, document, notebook) {
      const finding = await browser();
      if ('missing' in finding) throw new Error('a page was sent to a printer that is not there');
      printer ??= openPrinter(finding);
      return (await printer).print(html, pdfOptions(document, notebook));
    },
    async close() {
      await (await printer?.catch(() => undefined))?.close();
    },
  };
}

function pdfOptions(document: Document, notebook: string): PdfOptions {
  const { meta, blocks } = arrange(document);
  return {
    title: meta.title,
    ...(meta.authors && { author: meta.authors.map(({ name }) => name).join(', ') }),
    language: meta.language,
    date: meta.date,
    attachments: [
      {
        name: `${meta.slug}.ipynb`,
        mime: 'application/x-ipynb+json',
        bytes: new TextEncoder().encode(notebook),
      },
    ],
    headings: everyBlock(blocks)
      .filter((block) => block.kind === 'heading')
      .map(({ level, text, number, id }) => ({ level, text: `${number} ${text}`.trim(), id })),
  };
}
