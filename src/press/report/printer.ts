/** The printer: one browser for all reports of a build, started when the first page is printed. */

import type { Document } from '../document/types.js';
import { arrange } from '../render/arrange.js';
import { openPrinter, type Printer } from '../render/pdf.js';
import type { PdfOptions } from '../render/pdf-options.js';
import type { BrowserFinding, BuildEffects } from './effects.js';
import type { Format } from './shelf.js';

export interface LazyPrinter {
  /** The formats that can be made here: without a browser there is no PDF, which is said once. */
  possible(formats: readonly Format[]): Promise<readonly Format[]>;
  /** `notebook`: the executed notebook as nbformat JSON, attached to the PDF. */
  print(html: string, document: Document, notebook: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function lazyPrinter(wanted: boolean, effects: BuildEffects): LazyPrinter {
  let found: Promise<BrowserFinding> | undefined;
  let printer: Promise<Printer> | undefined;
  const find = (): Promise<BrowserFinding> => {
    found ??= effects.findBrowser().then((finding) => {
      if (wanted && 'missing' in finding) {
        effects.warn(`warning: no PDF was written: ${finding.missing}`);
      }
      return finding;
    });
    return found;
  };
  return {
    async possible(formats) {
      if (!formats.includes('pdf') || !('missing' in (await find()))) return formats;
      return formats.filter((format) => format !== 'pdf');
    },
    async print(html, document, notebook) {
      const browser = await find();
      if ('missing' in browser) throw new Error('a page was sent to a printer that is not there');
      printer ??= openPrinter(browser);
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
    language: meta.language,
    date: meta.date,
    attachments: [
      {
        name: `${meta.slug}.ipynb`,
        mime: 'application/x-ipynb+json',
        bytes: new TextEncoder().encode(notebook),
      },
    ],
    headings: blocks
      .filter((block) => block.kind === 'heading')
      .map(({ level, text, number, id }) => ({ level, text: `${number} ${text}`.trim(), id })),
  };
}
