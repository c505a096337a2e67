import type { Page } from 'puppeteer-core';
import { afterAll, describe, expect, it } from 'vitest';
import { curveBundle, greyImage, growthSlider } from '../../../src/lab/index.js';
import type { VegaLiteSpec } from '../../../src/mime.js';
import type { Document } from '../../../src/press/document/types.js';
import { startBrowser, visit } from './live-page.js';
import { sampleDocument } from './sample-document.js';

const browser = await startBrowser();
afterAll(() => browser?.close());

const picture = (grey: number): string =>
  `data:image/png;base64,${greyImage([grey, 1, 0, grey], 2).png}`;

/** Two models, four runs each; run 4 ends far from the others. */
const climbs = curveBundle({
  bundles: (['standard', 'trained'] as const).map((name, model) => ({
    name,
    role: model === 0 ? 'clean' : 'trained',
    curves: [1, 1.1, 1.2, 3].map((end) => [0.1, 0.5 * end, end].map((J) => J * 10 ** -model)),
    ends: [0.1, 0.2, 0.3, 0.4].map((grey, run) => ({ picture: picture(grey), answer: run })),
  })),
  run: 'start',
  x: { title: 'step' },
  y: { title: 'loss (nats)', log: true },
});

/** Class 0 is right; the first model loses it from ε = 0.1 on, the second from 0.2 on. */
const growth = growthSlider({
  models: [0.1, 0.2].map((falls, model) => ({
    name: `model ${model}`,
    images: [0, 0.1, 0.2].map((eps) => ({
      eps,
      picture: picture(eps),
      probabilities: eps < falls ? [0.9, 0.1] : [0.2, 0.8],
    })),
  })),
  label: 0,
  eps: 0.1,
});

function report(...specs: VegaLiteSpec[]): Document {
  const blocks = specs.map((spec, i) => ({
    kind: 'figure' as const,
    id: `fig-${i}`,
    number: String(i + 1),
    caption: [],
    alt: `What figure ${i + 1} tells`,
    width: 'text' as const,
    body: { type: 'vega-lite' as const, spec },
  }));
  return { ...sampleDocument(), blocks };
}

/** What the page finds with an expression over `all(selector)`, a list of elements. */
const find = <T>(page: Page, expression: string): Promise<T> =>
  page.evaluate(
    `((all) => (${expression}))((selector) => [...document.querySelectorAll(selector)])`,
  ) as Promise<T>;

/** What the models read, in the plot that is seen. */
const answers = (page: Page): Promise<string[]> =>
  find(
    page,
    `all('.plot > svg, .stage svg').filter((svg) => svg.checkVisibility())
      .flatMap((svg) => [...svg.querySelectorAll('text')].map((text) => text.textContent))
      .filter((word) => word.startsWith('read as'))`,
  );

/** What stands in the note beside the pointer; null where there is none. */
const note = (page: Page): Promise<string | null> =>
  find(page, `all('.tooltip').map((box) => (box.hidden ? null : box.textContent))[0]`);

/** How opaque all curves and dots are. */
const opacities = (page: Page): Promise<number[]> =>
  find(
    page,
    `all('.stage .mark-line path, .stage .mark-symbol path')
      .map((path) => Number(getComputedStyle(path).opacity))`,
  );

/** Which curves are drawn bold, from 0. */
const bold = (page: Page): Promise<number[]> =>
  find(
    page,
    `all('.stage .mark-line path')
      .flatMap((path, i) => (getComputedStyle(path).strokeWidth === '3px' ? [i] : []))`,
  );

const sliderSays = (page: Page, text: string) =>
  page.waitForFunction(`document.querySelector('.vega-bind')?.textContent === '${text}'`);

async function opened(specs: VegaLiteSpec[], options: Parameters<typeof visit>[2]) {
  const visited = await visit(browser, report(...specs), options);
  await visited.page.waitForFunction(
    `document.querySelectorAll('.is-live').length === ${specs.length}`,
    { timeout: 20_000 },
  );
  return visited;
}

describe.skipIf(browser === null)('a figure that can be worked with', () => {
  it('has a labelled slider that keys move, and shows what it is set to', async () => {
    const { page, noise } = await opened([growth], { width: 1440 });
    expect(await answers(page)).toEqual(['read as 1', 'read as 0']);
    const slider = await page.$('.stage input[type=range]');
    expect(await slider?.evaluate((input) => input.labels?.[0]?.textContent)).toBe('ε0.1');
    await slider?.focus();
    await page.keyboard.press('ArrowRight');
    await sliderSays(page, 'ε0.2');
    await expect.poll(() => answers(page)).toEqual(['read as 1', 'read as 1']);
    await page.keyboard.press('Home');
    await sliderSays(page, 'ε0');
    await expect.poll(() => answers(page)).toEqual(['read as 0', 'read as 0']);
    const pictures = () => find(page, `all('.stage image').map((one) => one.href.baseVal)`);
    await expect.poll(pictures).toEqual([picture(0), picture(0)]);
    expect(noise).toEqual([]);
    await page.close();
  });

  it('fetches nothing, whatever an input makes of a picture', async () => {
    const turning = {
      data: { values: [{ p: picture(0) }] },
      params: [{ name: 'turned', value: false, bind: { input: 'checkbox' } }],
      transform: [{ calculate: `turned ? 'https://evil.test/a.png' : datum.p`, as: 'p' }],
      mark: { type: 'image', width: 20, height: 20 },
      encoding: { url: { field: 'p', type: 'nominal' }, tooltip: { field: 'p' } },
    };
    const { page, noise } = await opened([turning], { width: 1440 });
    const pictures = () => find(page, `all('.stage image').map((one) => one.href.baseVal)`);
    await expect.poll(pictures).toEqual([picture(0)]);
    await page.click('.stage input');
    await expect.poll(pictures).toEqual(['']);
    await page.hover('.stage image');
    await page.waitForSelector('.tooltip:not([hidden])');
    expect(await note(page)).toBe('https://evil.test/a.png');
    expect(noise).toEqual([]);
    await page.close();
  });

  it('picks out the curves of the ends that are marked', async () => {
    const { page, noise } = await opened([climbs], { width: 1440 });
    expect(Math.min(...(await opacities(page)))).toBeGreaterThan(0.5);
    const dots = await page.$$('.stage .mark-symbol path');
    await dots[3]?.scrollIntoView();
    const [from, to] = [await dots[2]?.boundingBox(), await dots[3]?.boundingBox()];
    if (!from || !to) throw new Error('expected eight dots');
    // From between the third and the fourth dot to the right of the fourth.
    await page.mouse.move((from.x + to.x) / 2, to.y - 20);
    await page.mouse.down();
    await page.mouse.move(to.x + 12, to.y - 15, { steps: 4 });
    await page.mouse.up();
    // The fourth curve and its dot; curves come first.
    const strong = async () =>
      (await opacities(page)).flatMap((opacity, i) => (opacity > 0.5 ? [i] : []));
    await expect.poll(strong).toEqual([3, 11]);
    expect(noise).toEqual([]);
    await page.close();
  });

  it('shows the end of a run that is pointed at, at its dot or at its curve', async () => {
    const { page, noise } = await opened([climbs], { width: 1440 });
    const [, dot] = await page.$$('.stage .mark-symbol path');
    await dot?.hover();
    await page.waitForSelector('.tooltip:not([hidden]) img');
    expect(await note(page)).toBe('modelstandardstart2loss (nats) at the end1.1read as1');
    expect(await page.$eval('.tooltip img', (image) => image.getAttribute('src'))).toBe(
      picture(0.2),
    );
    await expect.poll(() => bold(page)).toEqual([1]);
    await page.mouse.move(2, 2);
    await page.waitForSelector('.tooltip[hidden]');
    expect(noise).toEqual([]);
    await page.close();
  });

  it('is walked through with the arrow keys', async () => {
    const { page, noise } = await opened([climbs], { width: 1440 });
    await find(page, `all('.stage svg')[0].focus()`);
    const told = async (key: 'ArrowRight' | 'ArrowLeft' | 'End'): Promise<string | null> => {
      await page.keyboard.press(key);
      return note(page);
    };
    expect(await told('ArrowRight')).toMatch(/^modelstandardstart1/);
    expect(await told('ArrowRight')).toMatch(/^modelstandardstart2/);
    expect(await told('ArrowLeft')).toMatch(/^modelstandardstart1/);
    expect(await told('End')).toMatch(/^modeltrainedstart4/);
    await expect.poll(() => bold(page)).toEqual([7]);
    await page.keyboard.press('Escape');
    expect(await note(page)).toBeNull();
    await expect.poll(() => bold(page)).toEqual([]);
    expect(noise).toEqual([]);
    await page.close();
  });

  it('answers to a finger on a telephone, and nothing scrolls sideways', async () => {
    const { page, noise } = await opened([climbs, growth], { width: 360, touch: true });
    expect(await find(page, `all('html')[0].scrollWidth`)).toBe(360);
    const dot = (await page.$$('.stage .mark-symbol path'))[3];
    await dot?.scrollIntoView();
    await dot?.tap();
    await page.waitForSelector('.tooltip:not([hidden]) img');
    expect(await note(page)).toMatch(/^modelstandardstart4/);
    await expect.poll(() => bold(page)).toEqual([3]);
    const box = await page.$eval('.tooltip', (one) => one.getBoundingClientRect().toJSON());
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.right).toBeLessThanOrEqual(360);
    expect(noise).toEqual([]);
    await page.close();
  });

  it('is still on paper, as it was before anyone touched it', async () => {
    const { page } = await opened([growth], { width: 1440 });
    await page.focus('.stage input[type=range]');
    await page.keyboard.press('End');
    await sliderSays(page, 'ε0.2');
    await page.emulateMediaType('print');
    expect(await answers(page)).toEqual(['read as 1', 'read as 0']);
    expect(await page.$eval('.stage', (stage) => stage.checkVisibility())).toBe(false);
    await page.close();
  });

  it('is still without scripts, with its pictures', async () => {
    const strip = (html: string): string => html.replace(/<script[\s\S]*?<\/script>/g, '');
    const { page } = await visit(browser, report(climbs, growth), { width: 1440, change: strip });
    expect(await answers(page)).toEqual(['read as 1', 'read as 0']);
    const widths = await find(
      page,
      `Promise.all(
      all('.plot-wide image').map(async ({ href }) => {
        const image = new Image();
        image.src = href.baseVal;
        await image.decode();
        return image.naturalWidth;
      }),
    )`,
    );
    expect(widths).toEqual([2, 2]);
    await page.close();
  });

  it('follows the window from wide to narrow', async () => {
    const { page } = await opened([growth], { width: 1440 });
    const widthOf = () =>
      page.$eval('.stage svg', (svg) => Number(svg.getAttribute('viewBox')?.split(' ')[2]));
    expect(await widthOf()).toBeGreaterThan(500);
    await page.setViewport({ width: 400, height: 800 });
    await expect
      .poll(() =>
        page.$$('.stage').then(async (all) => all.length === 1 && (await widthOf()) < 400),
      )
      .toBe(true);
    expect(await page.$$('.stage')).toHaveLength(1);
    await page.close();
  });
});
