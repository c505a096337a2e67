import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import type { Block } from '../../../src/press/document/types.js';
import { renderHtml } from '../../../src/press/render/html.js';
import { renderIndex } from '../../../src/press/render/index-page.js';
import type { RenderCache } from '../../../src/press/render/options.js';
import { picture, sampleDocument } from './sample-document.js';

const links = { pdf: '01-sample.pdf', notebook: '01-sample.ipynb', home: 'index.html' };
const stored = new Map<string, string>();
const cache: RenderCache = {
  get: async (key) => stored.get(key),
  put: async (key, text) => void stored.set(key, text),
};

let screen: string;
let print: string;
beforeAll(async () => {
  screen = await renderHtml(sampleDocument(), { target: 'screen', links, key: 'abc123', cache });
  print = await renderHtml(sampleDocument(), { target: 'print', links, cache });
});

/** `toContain` would print half a megabyte when it fails. */
function expectText(html: string, text: string): void {
  expect(html.includes(text), text).toBe(true);
}

/** Addresses that a browser fetches by itself. */
function fetched(html: string): string[] {
  const page = html.replace(/<script>[\s\S]*?<\/script>/g, '');
  const attributes = [
    ...page.matchAll(/\s(?:src|srcset|poster|data|action|xlink:href)="([^"]*)"/g),
  ];
  const styles = [...page.matchAll(/url\(\s*['"]?([^'")]*)/g)];
  const linked = [...page.matchAll(/<(?:link|use|image)\b[^>]*\shref="([^"]*)"/g)];
  return [...attributes, ...styles, ...linked].map((match) => match[1] ?? '');
}

describe('the page', () => {
  it('fetches nothing', () => {
    for (const html of [screen, print]) {
      const addresses = fetched(html);
      expect(addresses.length).toBeGreaterThan(10);
      expect(addresses.filter((address) => !/^(data:|#)/.test(address))).toEqual([]);
      expect(html.match(/<(link|iframe|object|embed|base)\b|@import/)).toBeNull();
    }
  });

  it('links only to parts of itself, the web and the files beside it', () => {
    const targets = [...screen.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map(
      (match) => match[1] ?? '',
    );
    const others = targets.filter((href) => !/^(#|https:\/\/|data:text\/csv)/.test(href));
    expect(others).toEqual(Object.values(links));
    const ids = new Set([...screen.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]));
    const inside = targets.filter((href) => href.startsWith('#')).map((href) => href.slice(1));
    expect(inside.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('names each id once', () => {
    const ids = [
      ...screen.replace(/<script[\s\S]*?<\/script>/g, '').matchAll(/\sid="([^"]*)"/g),
    ].map((m) => m[1]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('allows exactly its own scripts', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(screen)?.[1] ?? '';
    const scripts = [...screen.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
      (match) => match[1] ?? '',
    );
    const hashes = scripts.map(
      (s) => `'sha256-${createHash('sha256').update(s).digest('base64')}'`,
    );
    expect(scripts).toHaveLength(5);
    expect(policy).toContain(`script-src ${hashes.join(' ')};`);
    expect(policy).toContain("default-src 'none'");
    expect(policy.match(/unsafe-eval|script-src[^;]*unsafe/)).toBeNull();
  });

  it('carries Vega only where a figure asks for it', async () => {
    const document = sampleDocument();
    const blocks = document.blocks.filter((block) => block.kind !== 'figure');
    const still = await renderHtml({ ...document, blocks }, { target: 'screen', links, cache });
    expect(still.match(/<script>/g)).toHaveLength(2);
    expect(still.length).toBeLessThan(screen.length - 500_000);
  });

  it('embeds less than 250 KB of fonts', () => {
    const fonts = [...screen.matchAll(/font\/woff2;base64,([^)]*)/g)].map(
      (match) => match[1]?.length ?? 0,
    );
    expect(fonts.length).toBeGreaterThan(8);
    expect(fonts.reduce((a, b) => a + b, 0) * 0.75).toBeLessThan(250 * 1024);
  });

  it('is the same each time, with and without a cache', async () => {
    const again = await renderHtml(sampleDocument(), { target: 'print', links });
    let at = 0;
    while (at < again.length && again[at] === print[at]) at++;
    expect(again.slice(at, at + 80)).toBe(print.slice(at, at + 80));
  });

  it('carries its key, language and title', () => {
    expectText(screen, '<meta name="marginalia-key" content="abc123">');
    expectText(screen, '<html lang="en" class="screen">');
    expectText(screen, '<title>A linear explanation of adversarial examples</title>');
  });

  it('closes with claims, references and colophon, once each', () => {
    expectText(screen, '<p class="colophon-title">Colophon</p>');
    for (const title of ['Claims', 'Notes', 'References']) {
      expect(screen.match(new RegExp(`<h2[^>]*>(<a[^>]*>#</a>)?${title}</h2>`, 'g'))).toHaveLength(
        1,
      );
    }
    expectText(screen, '4 claims: <span class="count holds"><b>1</b> holds</span>');
    expectText(screen, '<b>1</b> not tested</span>');
    expectText(screen, 'Rule: <code>softmax.fgsm.error</code>: 99.6');
  });

  it('has a place for each claim, to which the cover leads', () => {
    const { claims } = sampleDocument();
    for (const { id } of claims) expectText(screen, ` id="claim-${id}"`);
  });

  it('folds the solution of an exercise, and its code not once more', () => {
    expectText(screen, '<div class="exercise">\n<p>How many steps does the attack need?</p>');
    expectText(
      screen,
      '<details class="solution"><summary class="solution-head">Solution</summary>\n<p>One.</p>\n' +
        '<div class="cell" id="cell-solved"><pre class="code" tabindex="0"><code><span class="line">',
    );
  });

  it('keeps what a cell displays inside its own box', () => {
    expect(/\.output \{[^}]*\}/.exec(screen)?.[0]).toContain('contain: paint');
  });

  it('shows what a terminal printed without its colours', () => {
    expectText(screen, 'epoch 5: loss 0.272, accuracy 0.923</pre>');
  });
});

describe('the print', () => {
  it('has no scripts, nothing to click open, and leaves room for page numbers', () => {
    expect(print.includes('<script')).toBe(false);
    expect(print.includes('<details')).toBe(false);
    expectText(print, '<div class="solution"><p class="solution-head">Solution</p>\n<p>One.</p>');
    expectText(print, '<span data-pageref="fig-growth"></span>');
    expectText(print, '@page{@top-left{content:"A linear explanation of adversarial examples"}}');
  });

  it('has a contents list when it is long', async () => {
    const document = sampleDocument();
    expect(print.includes('class="contents"')).toBe(false);
    const more: Block[] = Array.from({ length: 20 }, (_, i) => ({
      kind: 'heading',
      level: 2,
      id: `sec-${i}`,
      number: `${i + 3}`,
      text: 'More',
      tokens: [],
    }));
    const long = { ...document, blocks: [...document.blocks, ...more] };
    const html = await renderHtml(long, { target: 'print', links, cache });
    expectText(html, '<span class="page" data-pageref="sec-19"></span>');
  });
});

it('hostile texts of the document run nothing', async () => {
  const document = sampleDocument();
  const bad = '</title><script>alert(1)</script>" onload="x';
  const html = await renderHtml(
    {
      ...document,
      meta: {
        ...document.meta,
        title: bad,
        kicker: bad,
        question: bad,
        language: bad,
        slug: bad,
        date: bad,
      },
      blocks: [
        { kind: 'code', id: bad, source: bad, language: 'typescript', fold: 'fold', summary: bad },
        { kind: 'stream', name: 'stdout', text: bad },
        { kind: 'error', name: bad, message: bad, traceback: [bad] },
        { kind: 'image', mime: 'image/png', data: bad, alt: bad },
        { kind: 'unsupported', mimes: [bad] },
        { kind: 'vega-lite', spec: { data: { url: bad }, mark: 'bar' } },
        { kind: 'html', html: bad },
        { kind: 'svg', svg: bad },
      ],
    },
    { target: 'screen', links: { home: bad }, cache },
  );
  expect(html.match(/<script>alert|<[a-z]+(\s[\w-]+="[^"]*")*\s+onload=/g)).toBeNull();
});

it('a labelled figure that cannot be drawn stops the report and is named', async () => {
  const document = sampleDocument();
  const figure: Block = {
    kind: 'figure',
    id: 'fig-bad',
    number: '9',
    caption: [],
    alt: '',
    width: 'text',
    body: { type: 'vega-lite', spec: { data: { url: 'x.csv' }, mark: 'bar' } },
  };
  const failing = renderHtml({ ...document, blocks: [figure] }, { target: 'print', links, cache });
  await expect(failing).rejects.toThrow(UserError);
  await expect(failing).rejects.toMatchObject({ where: { file: '01-sample', label: 'fig-bad' } });
});

it('the cover lists notebooks with claims as bar, words and lists, fetches and runs nothing', async () => {
  const html = await renderIndex(
    [
      {
        number: '1',
        title: 'A <b>',
        answer: 'Yes',
        minutes: 14,
        claims: [
          { id: 'a', tier: 'core', verdict: 'holds', claim: 'One.' },
          { id: 'b', tier: 'core', verdict: 'differs', claim: 'Two.' },
          { id: 'c', tier: 'core', verdict: 'holds', claim: 'Three.' },
        ],
        html: '01-sample.html',
      },
    ],
    {
      language: 'en',
      title: 'Marginalia',
      paragraph: 'Notebooks.',
      strip: { images: [picture(), picture()], caption: 'Misread.' },
      made: [{ name: 'Engine', text: 'cpu' }],
      cache,
    },
  );
  expectText(html, 'A &lt;b&gt;');
  expectText(html, '<i class="holds" style="flex-grow:2"></i>');
  expectText(html, '<a class="count holds" href="#holds-1">2 hold</a>');
  expectText(html, '<a href="01-sample.html#claim-b">Two.</a>');
  expect(html.includes('PDF</a>')).toBe(false);
  expect(html.includes('<script')).toBe(false);
  expect(fetched(html).filter((address) => !address.startsWith('data:'))).toEqual([]);
});
