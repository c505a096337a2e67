import { afterAll, describe, expect, it } from 'vitest';
import { startBrowser, visit } from './live-page.js';
import { sampleDocument } from './sample-document.js';

const browser = await startBrowser();
afterAll(() => browser?.close());

describe.skipIf(browser === null)('in Chromium', () => {
  it('figures come to life under the policy, with tooltips, and nothing is fetched', async () => {
    const { page, noise } = await visit(browser, sampleDocument(), { width: 1440 });
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
    const { page, noise } = await visit(browser, sampleDocument(), { width: 1440, change: broken });
    while (noise.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(noise[0]).toContain('figure stays still');
    expect(await page.$$('.is-live')).toHaveLength(0);
    expect(await page.$eval('.plot-wide', (svg) => svg.getBoundingClientRect().width)).toBe(640);
    await page.close();
  });

  it.each([360, 800, 1440])('nothing scrolls sideways at %i px', async (width) => {
    const { page } = await visit(browser, sampleDocument(), { width, colours: 'dark' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const ink = await page.evaluate(`getComputedStyle(document.querySelector('.plot text')).fill`);
    expect(ink).toBe('rgb(230, 228, 223)');
    await page.close();
  });

  it('the drawn text is as wide as it was measured', async () => {
    const { page } = await visit(browser, sampleDocument(), { width: 1440 });
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
