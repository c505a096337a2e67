import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/press/document/types.js';
import { renderHtml } from '../../../src/press/render/html.js';
import { sampleDocument } from './sample-document.js';

/** A Chromium that starts here: the one that is named, an installed one, or the one npm brought. */
async function startBrowser(): Promise<Browser | null> {
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

const browser = await startBrowser();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marginalia-live-'));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

interface Visit {
  readonly page: Page;
  /** Everything the page said on its console or tried to fetch. */
  readonly noise: string[];
}

async function visit(
  document: Document,
  width: number,
  colours = 'light',
  change = (html: string): string => html,
): Promise<Visit> {
  const path = join(folder, 'page.html');
  await writeFile(path, change(await renderHtml(document, { target: 'screen', links: {} })));
  const page = await (browser as Browser).newPage();
  const noise: string[] = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && request.url() !== pathToFileURL(path).href) {
      noise.push(request.url());
    }
  });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }]);
  await page.setViewport({ width, height: 800 });
  await page.goto(pathToFileURL(path).href);
  return { page, noise };
}

describe.skipIf(browser === null)('in Chromium', () => {
  it('figures come to life under the policy, with tooltips, and nothing is fetched', async () => {
    const { page, noise } = await visit(sampleDocument(), 1440);
    await page.waitForSelector('.is-live .stage svg', { timeout: 20_000 });
    const point = await page.waitForSelector('.stage .mark-symbol path');
    await point?.scrollIntoView();
    await point?.hover();
    await page.waitForSelector('.tooltip:not([hidden])', { timeout: 5_000 });
    expect(await page.$eval('.tooltip', (box) => box.textContent)).toMatch(
      /sign of w|random noise/,
    );
    expect(await page.$eval('.stage svg', (svg) => svg.getAttribute('aria-label'))).toMatch(
      /^Under the sign/,
    );
    expect(noise).toEqual([]);
    await page.close();
  });

  it('a live figure that fails leaves the still one', async () => {
    const broken = (html: string): string =>
      html.replaceAll('<script type="application/json">', '<script type="application/json">?');
    const { page, noise } = await visit(sampleDocument(), 1440, 'light', broken);
    while (noise.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(noise[0]).toContain('figure stays still');
    expect(await page.$$('.is-live')).toHaveLength(0);
    expect(await page.$eval('.plot-wide', (svg) => svg.getBoundingClientRect().width)).toBe(640);
    await page.close();
  });

  it.each([360, 800, 1440])('nothing scrolls sideways at %i px', async (width) => {
    const { page } = await visit(sampleDocument(), width, 'dark');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const ink = await page.evaluate(`getComputedStyle(document.querySelector('.plot text')).fill`);
    expect(ink).toBe('rgb(230, 228, 223)');
    await page.close();
  });

  it('the drawn text is as wide as it was measured', async () => {
    const { page } = await visit(sampleDocument(), 1440);
    await page.evaluate('document.fonts.ready.then(() => true)');
    const outside = await page.evaluate(`(() => {
      const svg = document.querySelector('.plot-wide');
      const box = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].filter((text) => {
        const { left, right } = text.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1;
      }).map((text) => text.textContent);
    })()`);
    expect(outside).toEqual([]);
    await page.close();
  });
});
