import { describe, expect, it } from 'vitest';
import { entryHtml } from '../../../src/press/render/reference-html.js';
import { sanitiseHtml, sanitiseSvg } from '../../../src/press/render/sanitise.js';

/** Nothing of this may be left of an output, in whatever writing. */
const FORBIDDEN =
  /<(script|style|iframe|object|embed|form|input|foreignObject|animate|set|link|meta|base)|\son\w+=|javascript:|file:|https?:|url\((?!#)|@import/i;

describe('HTML outputs', () => {
  it.each([
    ['script', '<script>alert(1)</script><p>kept</p>'],
    ['handler', '<p onclick="alert(1)" onerror=alert(1)>kept</p>'],
    ['script address', '<a href="javascript:alert(1)">kept</a>'],
    ['script address in disguise', '<a href="java&#x0A;script:alert(1)">kept</a>'],
    ['frame', '<iframe src="file:///etc/passwd"></iframe>kept'],
    ['remote picture', '<img src="//evil.test/a.png">kept'],
    ['picture of text', '<img src="data:image/svg+xml;base64,AAAA">kept'],
    ['style', '<style>@import "x"</style><p style="background:url(x)">kept</p>'],
    ['form', '<form action="/x"><input name="a"><button>kept</button></form>'],
    ['SVG inside', '<svg><script>1</script><foreignObject>kept</foreignObject></svg>'],
    ['base', '<base href="x"><meta http-equiv="refresh" content="0"><link rel="x" href="y">kept'],
    ['srcset', '<img srcset="x 1x"><picture><source srcset="y"></picture>kept'],
  ])('loses: %s', async (_, html) => {
    const clean = await sanitiseHtml(html);
    expect(clean).toContain('kept');
    expect(clean).not.toMatch(FORBIDDEN);
    expect(clean).not.toMatch(/srcset|style=|src="(?!data:image\/png)/);
  });

  it('keeps tables and pictures, without names that could pose as parts of the page', async () => {
    const html =
      '<table class="claims" id="fig-x"><tr><td colspan="2">1</td></tr></table><img src="data:image/png;base64,AAAA" alt="a">';
    expect(await sanitiseHtml(html)).toBe(
      '<table><tr><td colspan="2">1</td></tr></table><img src="data:image/png;base64,AAAA" alt="a" />',
    );
  });
});

describe('SVG outputs', () => {
  const inside = (content: string): Promise<string> =>
    sanitiseSvg(
      `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">${content}</svg>`,
      'alt',
    );

  it.each([
    ['script', '<script>alert(1)</script>'],
    ['script in CDATA', '<script><![CDATA[alert(1)]]></script>'],
    ['handler', '<rect onclick="alert(1)"/>'],
    ['foreign object', '<foreignObject><iframe src="x"/></foreignObject>'],
    ['style element', '<style>@import url(http://evil.test)</style>'],
    ['style url', '<rect style="fill:url(http://evil.test#a)"/>'],
    ['style url in escapes', '<rect style="fill:u\\72l(http://evil.test)"/>'],
    ['fill url', '<rect fill="url(//evil.test#a)"/>'],
    ['remote picture', '<image href="https://evil.test/a.png"/>'],
    ['remote use', '<use xlink:href="https://evil.test/a.svg#b"/>'],
    ['link', '<a href="javascript:alert(1)"><text>x</text></a>'],
    [
      'animation',
      '<animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onload" to="x"/>',
    ],
  ])('lose: %s', async (_, content) => {
    const clean = await inside(`<circle r="1"/>${content}`);
    expect(clean).toContain('<circle r="1"');
    expect(clean).not.toMatch(FORBIDDEN);
  });

  it('become one labelled image with ids of their own', async () => {
    const clean = await inside('<linearGradient id="g"/><rect fill="url(#g)"/><use href="#g"/>');
    expect(clean).toMatch(/^<svg role="img" aria-label="alt" viewBox="0 0 9 9">/);
    expect(clean).toContain('id="output-g"');
    expect(clean).toContain('fill="url(#output-g)"');
    expect(clean).toContain('href="#output-g"');
  });

  it.each([
    ['position:fixed;top:0;fill:red', 'fill:red'],
    ['FILL : red ; transform: translate(9px, -999px)', 'fill:red'],
    ['fill:url(#g);stroke:url(http://evil.test)', 'fill:url(#output-g)'],
    ['display:block;inset:0;z-index:9', null],
  ])('keep of the style %j what paints', async (style, kept) => {
    const clean = await inside(`<rect style="${style}"/>`);
    expect(/style="([^"]*)"/.exec(clean)?.[1] ?? null).toBe(kept);
  });

  it('are nothing when they would draw themselves without end', async () => {
    const laughs = Array.from({ length: 12 }, (_, n) => {
      const uses = `<use href="#a${n}"/>`.repeat(10);
      return `<g id="a${n + 1}">${uses}</g>`;
    });
    expect(await inside(`<g id="a0"><path d=""/></g>${laughs.join('')}`)).toBe('');
    expect(await inside('<g id="a"><use href="#a"/></g>')).toBe('');
    const tiles = '<pattern id="a"><path fill="url(#b)"/></pattern><mask id="b" mask="url(#a)"/>';
    expect(await inside(tiles)).toBe('');
  });

  it('may draw a part many times, and a part of a part', async () => {
    const marks = '<use href="#b" x="1"/>'.repeat(1000);
    const parts = '<path id="a" d=""/><g id="b"><use href="#a"/></g>';
    expect(await inside(parts + marks)).toContain('href="#output-b"');
  });

  it('are nothing when there is no SVG', async () => {
    expect(await sanitiseSvg('<script>1</script>', '')).toBe('');
  });
});

it('bibliography entries keep italics and safe links', async () => {
  const hostile =
    '<i class="x">T</i> <a href="javascript:1" onclick="x">l</a><script>1</script><img src=x onerror=1 <b>';
  expect(await entryHtml(hostile)).toBe('<i>T</i> <a>l</a>');
  expect(await entryHtml('<a href="https://a.test/b/c">https://a.test/b/c</a>')).toBe(
    '<a href="https://a.test/b/c">https://<wbr>a.test/<wbr>b/<wbr>c</a>',
  );
});
