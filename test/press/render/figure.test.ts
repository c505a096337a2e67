import { parse, View } from 'vega';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import type { VegaLiteSpec } from '../../../src/mime.js';
import { renderFigure, renderLooseFigure } from '../../../src/press/render/figure.js';
import { figureCsv } from '../../../src/press/render/figure-data.js';
import { loadTextWidth } from '../../../src/press/render/text-width.js';
import { growthSpec } from './sample-document.js';

const input = (spec: VegaLiteSpec) => ({ id: 'fig-x', spec, alt: 'it grows "tenfold"' });
const bars = (extra: object = {}): VegaLiteSpec => ({
  data: {
    values: [
      { a: 'one', b: 2 },
      { a: 'two', b: 3 },
    ],
  },
  mark: 'bar',
  encoding: { x: { field: 'a' }, y: { field: 'b', type: 'quantitative' } },
  ...extra,
});

/** What vega knows of a drawn mark. */
interface Mark {
  readonly items?: readonly Mark[];
  readonly tooltip?: unknown;
}

/** The marks that answer to a pointer. */
const marksOf = (mark: Mark): Mark[] =>
  mark.tooltip === undefined ? (mark.items ?? []).flatMap(marksOf) : [mark];

describe('a figure', () => {
  it('is one labelled image without entries of its own for screen readers', async () => {
    const { html } = await renderFigure(input(growthSpec()), 'print');
    expect(html.match(/role="img"/g)).toHaveLength(1);
    expect(html).toContain('aria-label="it grows &quot;tenfold&quot;"');
    expect(html.match(/aria-/g)).toHaveLength(1);
    expect(html).toMatch(/viewBox="0 0 [\d.]+ [\d.]+"/);
  });

  it('has no filters and no addresses', async () => {
    const { html } = await renderFigure(input(growthSpec()), 'screen');
    expect(html).not.toMatch(/filter|https?:|url\((?!#)/);
  });

  it('draws its ink in the colour of the page and keeps the colours of data', async () => {
    const { html } = await renderFigure(
      input(bars({ mark: { type: 'bar', color: '#0072B2', stroke: 'black' } })),
      'print',
    );
    expect(html).toContain('fill="currentColor"');
    expect(html).toContain('fill="#0072B2"');
    expect(html).toContain('stroke="currentColor"');
    expect(html).not.toMatch(/"(black|#000)"/);
  });

  it('sets raised digits with digits of the font', async () => {
    const { html } = await renderFigure(input(growthSpec()), 'print');
    expect(html).toMatch(/>10<tspan dy="-0.36em" font-size="75%">4<\/tspan><\/text>/);
  });

  it('fits the column, and a telephone', async () => {
    const { html } = await renderFigure(input(growthSpec()), 'screen');
    const widths = [...html.matchAll(/<svg class="(plot-\w+)"[^>]* width="([\d.]+)"/g)].map((m) => [
      m[1],
      Number(m[2]),
    ]);
    expect(widths).toEqual([
      ['plot-wide', 640],
      ['plot-narrow', 340],
    ]);
  });

  it('keeps all of its text inside its box', async () => {
    const width = await loadTextWidth();
    const { html } = await renderFigure(input(growthSpec()), 'print');
    const total = Number(/viewBox="0 0 ([\d.]+)/.exec(html)?.[1]);
    const label = />random noise<\/text>/.exec(html);
    expect(label).not.toBeNull();
    const end = endOfText(html, 'random noise') + width('random noise', 12, 400);
    expect(end).toBeGreaterThan(total * 0.9);
    expect(end).toBeLessThanOrEqual(total);
  });

  it('has an id that no label can break', async () => {
    const clipped = bars({ mark: { type: 'bar', clip: true } });
    const hostile = { ...input(clipped), id: 'fig-"><b>$&' };
    const { html } = await renderFigure(hostile, 'print');
    expect(html).not.toContain('<b>');
    expect(html).toMatch(/ id="fig-_{3}b_{3}-/);
  });

  it('shares no ids with other figures', async () => {
    const clipped = bars({ mark: { type: 'bar', clip: true } });
    const { html } = await renderFigure(input(clipped), 'screen');
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id?.startsWith('fig-x-'))).toBe(true);
  });
});

/** Horizontal start of a text, through the groups around it. */
function endOfText(html: string, text: string): number {
  const before = html.slice(0, html.indexOf(`>${text}</text>`));
  const open: number[] = [];
  for (const [tag, name] of before.matchAll(/<\/?(g|text|svg)\b[^>]*>?/g)) {
    if (tag.startsWith('</')) open.pop();
    else open.push(name === 'svg' ? 0 : Number(/translate\(([-\d.]+)/.exec(tag)?.[1] ?? 0));
  }
  return open.reduce((a, b) => a + b, 0);
}

describe('text widths', () => {
  it('are those of the embedded font', async () => {
    const width = await loadTextWidth();
    expect(width('0000', 10, 400)).toBeCloseTo(4 * width('0', 10, 400));
    expect(width('Wide', 10, 600)).toBeGreaterThan(width('Wide', 10, 400));
    expect(width('illi', 10, 400)).toBeLessThan(width('mmmm', 10, 400) / 2);
  });
});

describe('a live figure', () => {
  it('needs Vega only with tooltips, selections or inputs', async () => {
    expect((await renderFigure(input(bars()), 'screen')).live).toBe(false);
    const tooltip = bars({ mark: { type: 'bar', tooltip: true } });
    expect((await renderFigure(input(tooltip), 'screen')).live).toBe(true);
    expect((await renderFigure(input(tooltip), 'print')).live).toBe(false);
  });

  it('names what a pointer finds as its axes do', async () => {
    const [x, y] = [
      { field: 'a', title: 'method' },
      { field: 'b', axis: { title: 'error (%)' } },
    ];
    const tooltip = [{ field: 'a' }, { field: 'b', title: 'b' }, { field: 'b', title: 'my own' }];
    const spec = bars({
      encoding: { x, y: { ...y, type: 'quantitative' } },
      mark: undefined,
      layer: [{ mark: 'bar', encoding: { tooltip } }],
    });
    const { html } = await renderFigure(input(spec), 'screen');
    const signal = /"tooltip":\{"signal":"(.*?)"\}/.exec(html)?.[1] ?? '';
    const names = [...signal.matchAll(/\\"([^"\\]+)\\": /g)].map((match) => match[1]);
    expect(names).toEqual(['method', 'error (%)', 'my own']);
  });

  it.each([
    [0.9526000142097473, {}, '0.9526'],
    [60_000, {}, '60000'],
    [-1.2345678e-9, {}, '−1.23457e-9'],
    [0.9526000142097473, { tooltipFormat: { numberFormat: '.1%' } }, '95.3%'],
  ])('tells %d with the digits that it has (config %j): %s', async (b, config, told) => {
    const mark = { type: 'bar', tooltip: true };
    const spec = bars({ mark, config, data: { values: [{ a: 'one', b }] } });
    const { html } = await renderFigure(input(spec), 'screen');
    const compiled = /<script type="application\/json">(.*?)<\/script>/.exec(html)?.[1] ?? '';
    const view = await new View(parse(JSON.parse(compiled)), { renderer: 'none' }).runAsync();
    const { root } = view.scenegraph() as unknown as { root: Mark };
    const [bar] = marksOf(root);
    expect(bar?.tooltip).toEqual({ a: 'one', b: told });
  });

  it('that can be worked with is ready for a telephone too, with its rows once', async () => {
    const params = [{ name: 'brush', select: 'interval' }];
    const plots = [{ ...bars(), data: undefined, width: 400, params }];
    const { html } = await renderFigure(input({ data: bars().data, hconcat: plots }), 'screen');
    const scripts = html.matchAll(/<script type="application\/json"[^>]*>(.*?)<\/script>/g);
    const [wide, narrow] = Array.from(scripts, (match) => match[1] as string);
    expect(wide).toContain('"a":"two"');
    expect(wide).toContain('"value":400');
    expect(narrow).not.toContain('"a":"two"');
    expect(narrow).not.toContain('"value":400');
    expect(narrow).toContain('"width":290');
  });

  it('with tooltips alone stays still on a telephone', async () => {
    const { html } = await renderFigure(
      input(bars({ mark: { type: 'bar', tooltip: true } })),
      'screen',
    );
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  it('keeps the words of its data, whatever colours they name', async () => {
    const mark = { type: 'bar', tooltip: true, stroke: 'black' };
    const spec = bars({ mark, data: { values: [{ a: 'black', b: 2 }] } });
    const { html } = await renderFigure(input(spec), 'screen');
    const compiled = /<script type="application\/json">(.*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(compiled).toContain('"a":"black"');
    expect(compiled).toContain('"stroke":{"value":"currentColor"}');
  });

  it('cannot end its script from within', async () => {
    const hostile = bars({
      mark: { type: 'bar', tooltip: true },
      data: { values: [{ a: '</script><b>', b: 1 }] },
    });
    const { html } = await renderFigure(input(hostile), 'screen');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).not.toContain('<b>');
  });
});

it('with more rows than a page can bear is refused', async () => {
  const endless = bars({ data: { sequence: { start: 0, stop: 2e5, as: 'a' } } });
  await expect(renderFigure(input(endless), 'print')).rejects.toThrow(/at most 100,000 rows/);
});

describe('addresses', () => {
  it.each<[string, VegaLiteSpec]>([
    ['data', bars({ data: { url: 'data.csv' } })],
    [
      'lookup',
      bars({
        transform: [{ lookup: 'a', from: { data: { url: 'file:///etc/passwd' }, key: 'a' } }],
      }),
    ],
    ['picture', bars({ mark: 'image', encoding: { url: { value: 'http://evil.test/a.png' } } })],
    ['link', bars({ mark: { type: 'bar', href: 'http://evil.test' } })],
  ])('are refused: %s', async (_, spec) => {
    await expect(renderFigure(input(spec), 'print')).rejects.toThrow(UserError);
    const loose = await renderLooseFigure(input(spec), 'print');
    expect(loose.html).toMatch(/^<p class="missing">\[figure not drawn: expected/);
  });

  it('may be values of data', async () => {
    const rows = bars({ data: { values: [{ a: 'x', b: 1, url: 'http://x' }] } });
    expect((await renderFigure(input(rows), 'print')).html).toContain('<svg');
  });

  it('are refused where a transform makes them of pictures', async () => {
    const png = 'data:image/png;base64,iVBORw0KGgo=';
    const spec = bars({
      data: { values: [{ a: 'x', b: 1, p: png }] },
      transform: [{ calculate: `'http://evil.test/' + datum.a`, as: 'p' }],
      mark: { type: 'image', width: 9, height: 9 },
      encoding: { url: { field: 'p', type: 'nominal' } },
    });
    await expect(renderFigure(input(spec), 'print')).rejects.toThrow(/evil.test.* was refused/);
    const { html } = await renderFigure(input({ ...spec, transform: [] }), 'print');
    expect(html).toContain(`xlink:href="${png}"`);
  });

  it('does not draw what is no specification', async () => {
    await expect(renderFigure(input({ mark: 'nonsense' }), 'print')).rejects.toThrow(
      /expected a figure that can be drawn/,
    );
  });
});

it('a row that a layer repeats is repeated in the CSV', () => {
  const [one, two] = [{ a: 1 }, { a: 2 }];
  const spec = { layer: [{ data: { values: [one, one, two] } }, { data: { values: [two, one] } }] };
  expect(figureCsv(spec)).toBe('a\r\n1\r\n1\r\n2\r\n');
});

it('pictures are no part of the CSV', () => {
  const spec = { data: { values: [{ a: 1, p: 'data:image/png;base64,iVBORw0KGgo=' }] } };
  expect(figureCsv(spec)).toBe('a\r\n1\r\n');
});

it('rows become CSV, each once, with quotes where needed', () => {
  const spec = {
    layer: [
      { data: { values: [{ a: 'x, "y"', b: 1 }] } },
      { data: { values: [{ a: 'x, "y"', b: 1 }, { c: null }] } },
    ],
  };
  expect(figureCsv(spec)).toBe('a,b,c\r\n"x, ""y""",1,\r\n,,\r\n');
});
