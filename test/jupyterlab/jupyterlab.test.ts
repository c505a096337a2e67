/** The notebooks in a real JupyterLab, as README.md says to open them: only when
 *  MARGINALIA_JUPYTERLAB=1 asks for it, since it fetches JupyterLab once and takes minutes. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildDist } from '../../setup/build.mjs';
import { withParameters } from '../../src/press/kernel/parameters.js';
import { parseNotebook } from '../../src/press/notebook/parse.js';
import { serializeNotebook } from '../../src/press/notebook/serialize.js';
import { readBook } from '../../src/press/report/config.js';
import { browser as command, noBrowser } from '../press/render/pdf-browser.js';
import { openNotebook } from './open-notebook.js';
import { type LabServer, startLab } from './server.js';

const missing =
  process.env.MARGINALIA_JUPYTERLAB === '1' ? noBrowser : 'needs MARGINALIA_JUPYTERLAB=1';
const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 1_200_000;

/** The book with the numbers of its smallest profile. */
const { items } = await readBook('notebooks', 'smoke');
const files = items.map(({ path }) => basename(path));

describe.skipIf(missing)(`JupyterLab${missing ? ` (${missing})` : ''}`, () => {
  let folder: string;
  let lab: LabServer;
  let browser: Browser;

  beforeAll(async () => {
    await buildDist(resolve('.'));
    folder = mkdtempSync(join(tmpdir(), 'marginalia-jupyterlab-'));
    const notebooks = join(folder, 'notebooks');
    mkdirSync(notebooks);
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    for (const { path, parameters } of items) {
      const notebook = parseNotebook(readFileSync(path, 'utf8'), path);
      const text = serializeNotebook(withParameters(notebook, parameters));
      writeFileSync(join(notebooks, basename(path)), text);
    }
    lab = await startLab(folder, notebooks);
    const { path, args } = command;
    browser = await puppeteer.launch({
      executablePath: path,
      args: [...args],
      headless: 'shell',
      pipe: true,
      protocolTimeout: TEST_LIMIT_MS, // running a notebook is one call
    });
  }, START_LIMIT_MS);

  afterAll(async () => {
    await browser?.close();
    await lab?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test.each(files)(
    'runs all cells of %s and shows their figures',
    async (file) => {
      const notebook = await openNotebook(browser, lab.address(file));
      onTestFinished(() => notebook.close());
      await notebook.run();
      const seen = await notebook.look();
      expect(seen.complaints).toEqual([]);
      expect(seen.ran).toBe(seen.codeCells);
      expect(seen.figures).toBeGreaterThan(5);
      expect(seen.figures).toBeGreaterThanOrEqual(seen.figureCalls);
      expect(seen.drawn).toBe(seen.figures);
      expect(seen.grids).toBeGreaterThanOrEqual(seen.gridCalls);
      expect(seen.loaded).toBe(seen.images);
    },
    TEST_LIMIT_MS,
  );
});
