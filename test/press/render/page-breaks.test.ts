import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Block, ClaimView } from '../../../src/press/document/types.js';
import { renderHtml } from '../../../src/press/render/html.js';
import { openPrinter, type Printer } from '../../../src/press/render/pdf.js';
import { browser, noBrowser, OPTIONS, openPdf, pageTexts } from './pdf-browser.js';
import { heading, prose, sampleDocument, text } from './sample-document.js';

const COUNT = 120;

/** A section whose length differs from that of the others, so that pages end everywhere in it. */
function section(claim: ClaimView, k: number): Block[] {
  const slip = [text(`[box ${k} ends]`)];
  return [
    heading(2, '', `part-${k}`, `[heading ${k}]`),
    prose(text(`[after ${k}] ${'Many words. '.repeat(25 + 5 * (k % 11))}`)),
    { kind: 'claim', claim: { ...claim, claim: [text(`[box ${k}]`)], slip } },
  ];
}

const TABLE: Block = {
  kind: 'table',
  id: 'tbl-long',
  number: '1',
  caption: [text('Many rows')],
  columns: [{ key: 'a', title: '[table head]', format: { as: 'text' } }],
  rows: Array.from({ length: 120 }, (_, k) => ({ a: `[row ${k}]` })),
};

describe.skipIf(noBrowser)(`breaks of pages${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let printer: Printer;
  let pages: string[];

  beforeAll(async () => {
    printer = await openPrinter(browser);
    const [claim] = sampleDocument().claims;
    const sections = Array.from({ length: COUNT }, (_, k) => section(claim as ClaimView, k));
    const document = { ...sampleDocument(), blocks: [...sections.flat(), TABLE] };
    const html = await renderHtml(document, { target: 'print', links: {} });
    pages = await pageTexts(await openPdf(await printer.print(html, OPTIONS)));
  });
  afterAll(() => printer?.close());

  const pagesOf = (mark: string) => pages.flatMap((page, at) => (page.includes(mark) ? at : []));
  const all = (mark: (k: number) => string) =>
    Array.from({ length: COUNT }, (_, k) => pagesOf(mark(k)).at(-1));

  test('no heading is alone at the foot of a page', () => {
    expect(pages.length).toBeGreaterThan(10);
    expect(all((k) => `[heading ${k}]`)).toEqual(all((k) => `[after ${k}]`));
  });

  test('no claim is divided', () => {
    expect(all((k) => `[box ${k}]`)).toEqual(all((k) => `[box ${k} ends]`));
  });

  test('a long table has its head on every page', () => {
    const withRows = pagesOf('[row ');
    expect(withRows.length).toBeGreaterThan(1);
    expect(pagesOf('[table head]')).toEqual(withRows);
  });
});
