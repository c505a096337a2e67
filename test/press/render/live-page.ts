/** What the tests of live pages share: a browser, and a page in it that notes what it hears. */

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { Document } from '../../../src/press/document/types.js';
import { renderHtml } from '../../../src/press/render/html.js';

/** A Chromium that starts here: the one that is named, an installed one, or the one npm brought. */
export async function startBrowser(): Promise<Browser | null> {
  const named = [
    process.env.PUPPETEER_EXECUTABLE_PATH ?? '',
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
  ];
  const bundled = async (): Promise<string> => {
    const { default: chromium } = await import('@sparticuz/chromium');
    return chromium.executablePath();
  };
  const args = ['--no-sandbox', '--disable-gpu', '--single-process', '--no-zygote'];
  try {
    const executablePath =
      named.find((path) => path !== '' && existsSync(path)) ?? (await bundled());
    return await puppeteer.launch({ executablePath, args, headless: 'shell' });
  } catch {
    return null;
  }
}

export interface Visit {
  readonly page: Page;
  /** Everything the page said on its console or tried to fetch. */
  readonly noise: string[];
}

interface VisitOptions {
  readonly width: number;
  readonly colours?: 'light' | 'dark';
  /** A page that answers to fingers. */
  readonly touch?: boolean;
  /** What happens to the file before it is opened. */
  readonly change?: (html: string) => string;
}

/** Opens a document as its reader does, from a file that is gone when the page has closed. */
export async function visit(
  browser: Browser | null,
  document: Document,
  { width, colours = 'light', touch = false, change = (html) => html }: VisitOptions,
): Promise<Visit> {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-live-'));
  const path = join(folder, 'page.html');
  await writeFile(path, change(await renderHtml(document, { target: 'screen', links: {} })));
  const page = await (browser as Browser).newPage();
  page.once('close', () => rm(folder, { recursive: true }));
  const noise: string[] = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && request.url() !== pathToFileURL(path).href) {
      noise.push(request.url());
    }
  });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }]);
  await page.setViewport({ width, height: 800, hasTouch: touch });
  await page.goto(pathToFileURL(path).href);
  return { page, noise };
}
