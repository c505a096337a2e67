/** Names of notebooks: which are printed under their own name, and which would do harm. */

import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browser, noBrowser } from '../render/pdf-browser.js';
import { type Desk, makeDesk, notebookText } from './desk.js';

const STRANGE = 'Übung 1 #2 50%';
const lesson = notebookText([{ md: '# A lesson' }, { code: 'console.log(6 * 7)' }]);
const found = { version: '', source: '', ...browser };

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
  mkdirSync(desk.path('other'));
  desk.put(`notebooks/${STRANGE}.ipynb`, lesson);
  desk.put('notebooks/plain.ipynb', lesson);
  desk.put('other/plain.ipynb', lesson);
  desk.put('other/loose.ipynb', lesson);
  desk.book([`${STRANGE}.ipynb`, 'plain.ipynb']);
});
afterAll(() => desk.clear());

/** Follows the link with this text, and says where it leads: address and heading. */
async function follow(page: string, text: string): Promise<string[]> {
  const { path, args } = browser;
  const chromium = await puppeteer.launch({
    executablePath: path,
    args: [...args],
    headless: 'shell',
  });
  try {
    const tab = await chromium.newPage();
    await tab.goto(pathToFileURL(desk.path(page)).href);
    await Promise.all([tab.waitForNavigation(), tab.click(`a::-p-text(${text})`)]);
    return [tab.url(), String(await tab.evaluate('document.querySelector("h1").innerText'))];
  } finally {
    await chromium.close();
  }
}

describe.skipIf(noBrowser)(
  `a name with spaces, # and %${noBrowser ? ` (${noBrowser})` : ''}`,
  () => {
    test('is built, and all links to its files lead there from disk', async () => {
      const { errors, done } = await desk.run(
        { notebooks: [STRANGE], formats: ['html', 'pdf'] },
        found,
      );
      expect(errors).toEqual([]);
      expect(done[STRANGE]).toContain(desk.path(`reports/${STRANGE}.pdf`));
      const address = pathToFileURL(desk.path(`reports/${STRANGE}.html`)).href;
      expect(await follow('reports/index.html', 'HTML')).toEqual([address, 'A lesson']);
      expect(await follow(`reports/${STRANGE}.html`, 'All notebooks')).toEqual([
        pathToFileURL(desk.path('reports/index.html')).href,
        'Notes',
      ]);
      const links = ['index', STRANGE].flatMap((name) =>
        [...desk.read(`reports/${name}.html`).matchAll(/href="([^"#]+\.(?:pdf|ipynb))"/g)].map(
          (match) => decodeURIComponent(match[1] ?? ''),
        ),
      );
      expect(links).toEqual([`${STRANGE}.pdf`, `${STRANGE}.pdf`, `${STRANGE}.ipynb`]);
    });
  },
);

test('a file that no book lists links to no cover', async () => {
  const { errors } = await desk.run({
    notebooks: [desk.path('other/loose.ipynb')],
    out: desk.path('loose'),
  });
  expect(errors).toEqual([]);
  expect(existsSync(desk.path('loose/index.html'))).toBe(false);
  expect(desk.read('loose/loose.html')).not.toContain('index.html');
});

describe('refused before anything runs', () => {
  const path = (name: string) => desk.path(name);

  test.each(['index', 'Index'])('%s.ipynb, whose report would be the cover', async (name) => {
    desk.put(`other/${name}.ipynb`, lesson);
    await expect(desk.run({ notebooks: [path(`other/${name}.ipynb`)] })).rejects.toThrow(
      `expected another name for ${path(`other/${name}.ipynb`)}: index.html is the cover`,
    );
  });

  test.each([
    ['the folder of the notebook', 'notebooks/plain.ipynb', 'notebooks'],
    ['the folder of another notebook of that name', 'other/plain.ipynb', 'notebooks'],
    ['a link to that folder', 'notebooks/plain.ipynb', 'linked'],
  ])('--out with %s', async (_, notebook, out) => {
    if (out === 'linked') symlinkSync(path('notebooks'), path('linked'));
    const build = desk.run({ notebooks: [path(notebook)], out: path(out) });
    await expect(build).rejects.toThrow(
      `expected another folder for the reports, got ${path(out)}`,
    );
    expect(desk.read(notebook)).toBe(lesson);
    expect(existsSync(path('notebooks/plain.html'))).toBe(false);
  });
});
