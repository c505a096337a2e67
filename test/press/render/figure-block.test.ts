import { describe, expect, test } from 'vitest';
import type {
  Document,
  FigureBlock,
  FigurePart,
  PlotBody,
} from '../../../src/press/document/types.js';
import { renderHtml } from '../../../src/press/render/html.js';
import { growthSpec, heading, picture, sampleDocument, text } from './sample-document.js';

const part = (letter: string, body: PlotBody): FigurePart => ({
  id: `fig-x-${letter}`,
  letter,
  caption: [text(`Caption ${letter}`)],
  alt: `"Text" ${letter}`,
  body,
});
const parts = [
  part('a', { type: 'vega-lite', spec: growthSpec() }),
  part('b', { type: 'grid', rows: [Array(4).fill(picture())], scale: 5, heads: ['a'] }),
];
const figure: FigureBlock = {
  kind: 'figure',
  id: 'fig-x',
  number: '1',
  caption: [text('All')],
  alt: 'Both <rise>',
  width: 'text',
  body: { type: 'parts', parts },
};

async function page(given: Partial<Document>, target: 'screen' | 'print'): Promise<string> {
  const html = await renderHtml(
    { ...sampleDocument(), claims: [], ...given },
    { target, links: {} },
  );
  return html.slice(html.indexOf('<body>'));
}

describe('a figure of parts', () => {
  test.each([
    ['screen', 'viewBox="0 0 305 '],
    ['print', 'viewBox="0 0 300 '],
  ] as const)('on %s has a letter, a caption and half the width for each', async (target, box) => {
    const html = await page({ blocks: [figure] }, target);
    expect(
      html.includes('<div class="figure-parts" role="group" aria-label="Both &lt;rise&gt;">'),
    ).toBe(true);
    expect(html.includes(box)).toBe(true);
    expect(html.includes('aria-label="&quot;Text&quot; a"')).toBe(true);
    expect(html.includes('--scale:2')).toBe(true);
    const captions = [...html.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, caption]) =>
      caption?.replace(/<a .*|<[^>]*>/g, '').trim(),
    );
    expect(captions).toEqual(['(a) Caption a', '(b) Caption b', 'Figure 1. All']);
    expect(html.match(/id="fig-x[^"]*"/g)).toContain('id="fig-x-b"');
  });

  test('stands in three columns where they come out even', async () => {
    const body = { type: 'parts' as const, parts: [...parts, ...parts, ...parts] };
    const html = await page({ blocks: [{ ...figure, body }] }, 'print');
    expect(html.includes('<div class="figure-parts by-three"')).toBe(true);
  });

  test('stands in one column where a part has plots beside one another', async () => {
    const pair = {
      type: 'vega-lite' as const,
      spec: { hconcat: [{ mark: 'bar' }, { mark: 'bar' }] },
    };
    const body = { type: 'parts' as const, parts: parts.map((part) => ({ ...part, body: pair })) };
    const html = await page({ blocks: [{ ...figure, body }] }, 'print');
    expect(html.includes('<div class="figure-parts by-one"')).toBe(true);
  });
});

test('the head has subtitle, authors and abstract where the text gives them', async () => {
  const { meta } = sampleDocument();
  const authors = [{ name: 'A & B', affiliation: 'Here' }, { name: 'C' }];
  const blocks = [heading(2, '1', 'one', 'One')];
  const given = { ...meta, subtitle: [text('Sub')], abstract: [text('Abs')], authors };
  const html = await page({ blocks, meta: given }, 'screen');
  for (const part of [
    '<p class="subtitle">Sub</p>',
    '<ul class="authors"><li>A &amp; B <span class="affiliation">Here</span></li><li>C</li></ul>',
    '<p class="abstract">Abs</p>',
  ]) {
    expect(html.includes(part), part).toBe(true);
  }
  const without = await page({ blocks }, 'screen');
  expect(without.match(/class="(subtitle|authors|abstract)"/)).toBeNull();
});
