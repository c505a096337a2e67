import { setTimeout } from 'node:timers/promises';
import { PDFDict, PDFDocument, PDFHexString, PDFName, PDFString } from '@cantoo/pdf-lib';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fontCss } from '../../../src/press/render/fonts.js';
import { openPrinter, type Printer } from '../../../src/press/render/pdf.js';
import type { PdfOptions } from '../../../src/press/render/pdf-options.js';
import { browser, noBrowser, OPTIONS, openPdf, pageTexts } from './pdf-browser.js';

const LONG =
  'A heading so long that it should wrap over the end of the line and then once more, because its author could not stop';
const SECTIONS: PdfOptions['headings'] = [
  { level: 2, text: '1 Growth', id: 'sec-growth' },
  { level: 3, text: `1.1 ${LONG}`, id: 'sec-long' },
  { level: 2, text: '2 Größe & Maß', id: 'sec-größe' },
  ...Array.from({ length: 12 }, (_, i) => ({ level: 3, text: `2.${i + 1} Part`, id: `part-${i}` })),
  { level: 2, text: '3 End', id: 'sec-end' },
];
const NOTE = new TextEncoder().encode('{"seed":7}');
const REPORT: PdfOptions = {
  ...OPTIONS,
  title: 'Linear – an explanation',
  author: 'A reading group',
  language: 'de-CH',
  headings: SECTIONS,
  attachments: [{ name: 'provenance.json', mime: 'application/json', bytes: NOTE }],
};

/** A report of several pages, with contents in front whose page numbers take room themselves. */
async function reportHtml(): Promise<string> {
  const contents = SECTIONS.map(
    ({ id, text }) => `<a href="#${id}">${text}</a><span data-pageref="${id}"></span>; `,
  );
  const sections = SECTIONS.map(
    ({ level, id, text }, index) =>
      `<h${level} id="${id}">${text}</h${level}><p>[start of ${id}] ${'Many words. '.repeat(40 + 12 * index)}</p>`,
  );
  const body = `<h1>Not in the outline</h1>
    <p>${contents.join('').repeat(3)}<span data-pageref="nowhere"></span></p>
    <svg role="img" aria-label="The error rises to 99 %." width="90" height="50"><rect width="9" height="9"/></svg>
    ${sections.join('\n')}`;
  return `<!doctype html><html lang="en"><head><title>Other</title><style>${await fontCss(body, null)}
    @page{size:A5;margin:20mm} body{font-family:'Source Serif 4'}
    h1,h2,h3{font-family:'Source Sans 3';font-weight:600;break-after:avoid}</style></head>
    <body>${body}</body></html>`;
}

describe.skipIf(noBrowser)(`a printed report${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let printer: Printer;
  let html: string;
  let bytes: Uint8Array;
  let file: PDFDocument;
  let pdf: PDFDocumentProxy;
  let texts: string[];

  beforeAll(async () => {
    printer = await openPrinter(browser);
    html = await reportHtml();
    bytes = await printer.print(html, REPORT);
    file = await PDFDocument.load(bytes, { updateMetadata: false });
    pdf = await openPdf(bytes);
    texts = await pageTexts(pdf);
  });
  afterAll(() => printer?.close());

  /** Number of the page on which a section starts. */
  const pageOf = (id: string) => texts.findIndex((text) => text.includes(`[start of ${id}]`)) + 1;
  const objects = () => file.context.enumerateIndirectObjects().map(([, object]) => object);

  test('is tagged', async () => {
    expect(await pdf.getMarkInfo()).toMatchObject({ Marked: true });
    expect(file.catalog.lookup(PDFName.of('StructTreeRoot'))).toBeInstanceOf(PDFDict);
    expect(JSON.stringify(await (await pdf.getPage(1)).getStructTree())).toContain('"H1"');
  });

  test('says its title, author, language and date', async () => {
    expect((await pdf.getMetadata()).info).toMatchObject({
      Title: 'Linear – an explanation',
      Author: 'A reading group',
      Language: 'de-CH',
      Creator: 'marginalia',
      CreationDate: 'D:20261121000000Z',
      ModDate: 'D:20261121000000Z',
    });
    const shown = file.catalog.getViewerPreferences()?.getDisplayDocTitle();
    expect(shown).toBe(true);
  });

  test('has an outline equal to the headings, and every entry leads to its section', async () => {
    const entries: unknown[] = [];
    const visit = async (
      items: Awaited<ReturnType<PDFDocumentProxy['getOutline']>>,
      level: number,
    ) => {
      for (const item of items) {
        const target = Array.isArray(item.dest) ? item.dest[0] : undefined;
        entries.push({ level, text: item.title, page: (await pdf.getPageIndex(target)) + 1 });
        await visit(item.items, level + 1);
      }
    };
    await visit(await pdf.getOutline(), 2);
    expect(entries).toEqual(
      SECTIONS.map(({ level, text, id }) => ({ level, text, page: pageOf(id) })),
    );
  });

  test('names the right page in every reference', () => {
    const all = texts.join('');
    for (const { text, id } of SECTIONS) {
      const filled = all.split(`${text}, p. `).slice(1);
      const pages = filled.map((rest) => Number.parseInt(rest, 10));
      expect({ id, pages }).toEqual({ id, pages: Array(3).fill(pageOf(id)) });
    }
    expect(pageOf('sec-end')).toBeGreaterThan(9);
  });

  test('has internal links that lead to a page', async () => {
    const dests: string[] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      for (const link of await (await pdf.getPage(number)).getAnnotations()) dests.push(link.dest);
    }
    const targets = await Promise.all([...new Set(dests)].map((dest) => pdf.getDestination(dest)));
    expect(targets.length).toBe(SECTIONS.length);
    expect(targets).not.toContain(null);
  });

  test('embeds every font', () => {
    const names = new Set<string>();
    for (const object of objects()) {
      if (!(object instanceof PDFDict) || object.get(PDFName.of('Type')) !== PDFName.of('Font')) {
        continue;
      }
      // A composite font has its file in its descendant, which is an object of its own.
      if (object.get(PDFName.of('Subtype')) === PDFName.of('Type0')) continue;
      const descriptor = object.lookup(PDFName.of('FontDescriptor'), PDFDict);
      const keys = descriptor.keys().map((key) => key.decodeText());
      names.add(object.lookup(PDFName.of('BaseFont'), PDFName).decodeText());
      expect(keys.filter((key) => /^FontFile[23]?$/.test(key))).toHaveLength(1);
    }
    expect([...names].map((name) => name.replace(/^.*\+|-.*$/g, '')).sort()).toEqual([
      'SourceSans3',
      'SourceSerif4',
    ]);
  });

  test('has the text alternative of a drawn figure', () => {
    const alts = objects().flatMap((object) => {
      const alt = object instanceof PDFDict ? object.get(PDFName.of('Alt')) : undefined;
      return alt instanceof PDFString || alt instanceof PDFHexString ? [alt.decodeText()] : [];
    });
    expect(alts).toEqual(['The error rises to 99 %.']);
  });

  test('carries its attachments', async () => {
    const carried: Record<string, { filename: string; content: Uint8Array }> =
      await pdf.getAttachments();
    expect(Object.values(carried).map(({ filename, content }) => [filename, content])).toEqual([
      ['provenance.json', NOTE],
    ]);
  });

  test('has the same bytes when another browser prints it later', async () => {
    await setTimeout(1_100); // dates count seconds
    const second = await openPrinter(browser);
    const again = await second.print(html, REPORT);
    await second.close();
    expect(Buffer.from(again).equals(bytes)).toBe(true);
    expect(Buffer.from(await printer.print(html, REPORT)).equals(bytes)).toBe(true);
  });

  test('is refused when a heading is not on the page', async () => {
    const headings = [{ level: 2, text: 'Lost', id: 'lost' }];
    await expect(printer.print('<p>x</p>', { ...OPTIONS, headings })).rejects.toThrow(
      'the heading "Lost" (#lost) is not on the printed page',
    );
    expect(await printer.print('<p>x</p>', OPTIONS)).toBeInstanceOf(Uint8Array);
  });
});
