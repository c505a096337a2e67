/** PDF: printed where a browser starts; where none does, named as missing. */

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserFinding } from '../../../src/press/report/effects.js';
import { browser, noBrowser, openPdf, pageTexts } from '../render/pdf-browser.js';
import { type Desk, makeDesk, NO_BROWSER, notebookText } from './desk.js';

const BOTH = ['html', 'pdf'] as const;
const lesson = (prose: string) =>
  notebookText([{ md: `# A lesson\n\n${prose}` }, { code: 'console.log(6 * 7)' }]);
const found: BrowserFinding = { version: '', source: '', ...browser };

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
  desk.book(['lesson.ipynb']);
  desk.put('notebooks/lesson.ipynb', lesson('First words.'));
});
afterAll(() => desk.clear());

const links = () =>
  ['reports/lesson.html', 'reports/index.html'].map((page) =>
    desk.read(page).includes('href="lesson.pdf"'),
  );

describe('without a browser', () => {
  test('PDF alone fails, before any cell runs', async () => {
    await expect(desk.run({ formats: ['pdf'] }, NO_BROWSER)).rejects.toThrow(
      'expected a browser that prints PDF, got none: no Chromium found. Install Chromium',
    );
  });

  test('HTML is written, links no PDF, and the lack is said once', async () => {
    const { errors, warnings, cells } = await desk.run({ formats: BOTH }, NO_BROWSER);
    expect({ errors, cells }).toEqual({ errors: [], cells: 1 });
    expect(warnings.filter((line) => line.includes('PDF'))).toEqual([
      'warning: no PDF is written: no Chromium found. Install Chromium',
    ]);
    expect(desk.text('reports/lesson.html')).toContain('First words');
    expect(links()).toEqual([false, false]);
    const again = await desk.run({ formats: BOTH }, NO_BROWSER);
    expect(again.done.lesson).toBe('nothing has changed');
  });
});

describe.skipIf(noBrowser)(`with Chromium${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  test('the PDF follows, and pages link to it', async () => {
    const { errors, cells } = await desk.run({ formats: BOTH }, found);
    expect({ errors, cells }).toEqual({ errors: [], cells: 0 });
    const pdf = await openPdf(desk.bytes('reports/lesson.pdf'));
    expect((await pageTexts(pdf)).join()).toMatch(/First words.*42/);
    expect(Object.keys((await pdf.getAttachments()) ?? {})).toEqual(['lesson.ipynb']);
    expect(links()).toEqual([true, true]);
  });

  test('what stands is not printed again: neither of both, nor HTML for its link', async () => {
    for (const formats of [BOTH, ['html'], ['pdf']] as const) {
      expect((await desk.run({ formats }, found)).done).toEqual({
        lesson: 'nothing has changed',
        index: 'nothing has changed',
      });
    }
  });

  test('a PDF that is older than its page is not linked', async () => {
    desk.put('notebooks/lesson.ipynb', lesson('Second words.'));
    await desk.run({ formats: ['html'] }, found);
    expect(links()).toEqual([false, false]);
  });

  test('PDF alone needs no page', async () => {
    rmSync(desk.path('reports'), { recursive: true });
    const { done } = await desk.run({ formats: ['pdf'] }, found);
    expect(done).toEqual({
      lesson: ['ipynb', 'pdf'].map((end) => desk.path(`reports/lesson.${end}`)).join(', '),
      index: 'no report to list',
    });
  });
});
