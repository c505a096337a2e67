import { describe, expect, it } from 'vitest';
import { parseMarkdown } from '../../../src/press/document/markdown.js';
import type { Token } from '../../../src/press/document/types.js';
import { renderTokens, type TokenContext } from '../../../src/press/render/tokens.js';
import { citation, reference, text, value } from './sample-document.js';

const screen: TokenContext = {
  target: 'screen',
  anchors: new Set(['cell-train']),
  references: new Map([['goodfellow2015', 'ref-goodfellow2015']]),
  math: (tex) => `[${tex}]`,
  highlight: (source) => source,
  notes: new Map(),
};
const print: TokenContext = { ...screen, target: 'print' };
const link = (href: string): Token[] => [
  { type: 'link_open', tag: 'a', nesting: 1, attrs: [['href', href]] },
  text('x'),
  { type: 'link_close', tag: 'a', nesting: -1 },
];

describe('text', () => {
  const hostile = '<script>alert(1)</script>"\'&';
  it.each<[string, Token]>([
    ['text', text(hostile)],
    ['code', { type: 'code_inline', tag: 'code', nesting: 0, content: hostile }],
    ['fence', { type: 'fence', tag: 'code', nesting: 0, content: hostile, info: 'html' }],
    ['raw HTML', { type: 'html_block', tag: '', nesting: 0, content: hostile }],
    ['inline HTML', { type: 'html_inline', tag: '', nesting: 0, content: hostile }],
    ['value', value(hostile, { name: hostile, cell: hostile })],
    ['reference', reference(hostile, hostile)],
    ['citation', citation(hostile, hostile)],
    ['unknown tag', { type: 'x', tag: 'script', nesting: 0, content: hostile }],
    [
      'image',
      {
        type: 'image',
        tag: 'img',
        nesting: 0,
        content: hostile,
        attrs: [['src', 'http://x/a.png']],
      },
    ],
  ])('is escaped: %s', (_, token) => {
    const html = renderTokens([token], screen);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('src=');
    expect(html).toContain('&lt;script&gt;');
  });

  it('raises superscript characters and keeps numbers with their signs', () => {
    const html = renderTokens([text('10⁻³ of n = 200 is 5 %')], screen);
    expect(html).toBe('10<sup>−3</sup> of n\u00a0=\u00a0200 is 5\u202f%');
  });
});

describe('attributes', () => {
  it('drops handlers, styles and classes', () => {
    const attrs = [
      ['onclick', 'alert(1)'],
      ['style', 'background:url(http://x)'],
      ['class', 'claim holds'],
      ['title', 'kept'],
    ] as const;
    const html = renderTokens([{ type: 'p_open', tag: 'p', nesting: 1, attrs }], screen);
    expect(html).toBe('<p title="kept">');
  });

  it.each([
    'javascript:alert(1)',
    ' JaVa\nScript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    '//evil.test/x',
  ])('refuses the address %j', (href) => {
    expect(renderTokens(link(href), screen)).toBe('<a>x</a>');
  });

  it.each(['#sec-x', 'https://arxiv.org/abs/1412.6572', '02-training.html', 'mailto:a@b.test'])(
    'keeps the address %j',
    (href) => expect(renderTokens(link(href), screen)).toBe(`<a href="${href}">x</a>`),
  );
});

describe('callouts and tasks', () => {
  const shown = (markdown: string): string =>
    renderTokens(
      parseMarkdown(markdown, { where: { file: 'a.ipynb' } }, () => {}),
      screen,
    );

  it('name the kind of a callout in words', () => {
    expect(shown('> [!TIP]\n> Look')).toBe(
      '<aside class="callout callout-tip">\n<p class="callout-title"><span class="callout-kind">Tip</span> </p>\n<p>Look</p>\n</aside>\n',
    );
    expect(shown('::: caution Mind\na\n:::')).toContain('>Caution</span> Mind</p>');
  });

  it('draw the box of a task and say whether it is done', () => {
    const html = shown('- [x] a\n- [ ] b');
    expect(html).toContain('<ul class="tasks"><li class="task"><svg class="sign box"');
    expect(html.match(/aria-label="[^"]*"/g)).toEqual(['aria-label="done"', 'aria-label="to do"']);
    expect(html).not.toContain('<input');
  });
});

describe('values and references', () => {
  it('says where a value comes from and goes there', () => {
    const html = renderTokens(
      [value('99.6 %', { interval: [0.994, 0.997], n: 10_000, seeds: 3 })],
      screen,
    );
    expect(html).toContain('href="#cell-train"');
    expect(html).toContain(
      'title="softmax.fgsm.error = 0.9960; 95 % interval 0.9940 to 0.9970; n = 10\u202f000; 3 seeds; measured in cell train"',
    );
  });

  it('makes no link to what the page does not show', () => {
    expect(renderTokens([value('1', { cell: 'cell-hidden' })], screen)).toMatch(
      /^<span class="value"/,
    );
    expect(renderTokens([citation('(X)', 'unknown2000')], screen)).toBe('(X)');
  });

  it('leaves room for page numbers in print, and values plain', () => {
    expect(renderTokens([reference('Figure 3', 'fig-x')], print)).toBe(
      '<a href="#fig-x">Figure 3</a><span data-pageref="fig-x"></span>',
    );
    expect(renderTokens([value('1')], print)).toBe('<span class="value">1</span>');
  });
});
