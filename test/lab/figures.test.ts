import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import {
  barChart,
  costChart,
  curveBundle,
  decisionSlice,
  growthSlider,
  histogram,
  lineChart,
  lossSlice,
  scatterPlot,
  shareMap,
  type VegaLiteSpec,
  weightImage,
} from '../../src/lab/index.js';

const line = (count: number) =>
  lineChart({
    series: Array.from({ length: count }, (_, i) => ({
      name: `series ${i}`,
      role: (['clean', 'adversarial', 'trained', 'noise', 'paper'] as const)[i % 5] as 'clean',
      points: [1, 100, 1e5].map((x) => ({ x, y: x + i, low: x * 0.9, high: x * 1.1 + i })),
    })),
    x: { title: 'dimension', log: true },
    y: { title: 'shift', log: true },
    references: [{ y: 50, label: 'paper: 50' }],
  });

const SPECS: { readonly [name: string]: () => VegaLiteSpec } = {
  'a line chart': () => line(3),
  'a line chart of six': () => line(6),
  'a bar chart': () =>
    barChart({
      groups: ['a', 'b'],
      title: 'feature',
      series: [
        { name: 'clean', role: 'clean', values: [0.1, 0.2] },
        {
          name: 'attacked',
          role: 'adversarial',
          values: [0.9, 0.8],
          intervals: [
            [0.8, 1],
            [0.7, 0.9],
          ],
        },
      ],
      y: { title: 'error', percent: true },
    }),
  'a map of shares': () =>
    shareMap({
      rows: ['f1', 'f2'],
      columns: ['clipped', 'projected'],
      maps: ['here', 'paper'].map((title) => ({
        title,
        cells: [
          [
            { share: 1, text: ['1.2', '100 %'] },
            { share: 0.4, text: ['2.0', '40 %'] },
          ],
          [
            { share: 0, text: ['–', '0 %'] },
            { share: 0.9, text: ['1.1', '90 %'] },
          ],
        ],
      })),
    }),
  'a chart of costs': () =>
    costChart({
      series: [
        {
          name: 'searched',
          role: 'adversarial',
          curve: [
            { gradients: 10, success: 0.4, distance: Infinity, n: 10 },
            { gradients: 100, success: 1, distance: 1.5, n: 10 },
          ],
        },
        {
          name: 'one step',
          role: 'noise',
          curve: [{ gradients: 1, success: 0.1, distance: Infinity, n: 10 }],
        },
      ],
      distance: 'median distance (L2)',
    }),
  'a scatter plot': () =>
    scatterPlot({
      series: [
        {
          name: 'one',
          role: 'clean',
          points: [
            { x: 1, y: 2 },
            { x: 2, y: 1 },
          ],
        },
        { name: 'two', role: 'trained', points: [{ x: 0, y: 3 }] },
      ],
      x: { title: 'predicted' },
      y: { title: 'measured' },
      diagonal: true,
    }),
  'a bundle of curves': () =>
    curveBundle({
      bundles: [
        {
          name: 'standard',
          role: 'clean',
          curves: [
            [0, 5, 40],
            [0.1, 7, 38],
          ],
        },
        { name: 'trained', role: 'trained', curves: [[0.01, 0.2, 0.4]] },
      ],
      run: 'start',
      x: { title: 'step' },
      y: { title: 'loss (nats)', log: true },
    }),
  'a growing attack': () =>
    growthSlider({
      models: [
        {
          name: 'standard',
          images: [0, 0.1, 0.2].map((eps) => ({
            eps,
            picture: 'data:image/png;base64,iVBORw0KGgo=',
            probabilities: [0.9 - 5 * eps, 0.1 + 5 * eps],
          })),
        },
      ],
      label: 0,
      eps: 0.1,
    }),
  'a slice of the loss': () =>
    lossSlice({
      cells: [0, 1].flatMap((y) => [0, 1].map((x) => ({ x, y, loss: x + y }))),
      cell: [1, 1],
      x: { title: 'along u', domain: [-0.5, 1.5] },
      y: { title: 'along v', domain: [-0.5, 1.5] },
      paths: [
        {
          name: 'a start',
          role: 'clean',
          points: [
            { x: 0, y: 0 },
            { x: 1, y: 0.5 },
          ],
        },
      ],
    }),
  'a histogram': () =>
    histogram({
      series: [
        { name: 'one', role: 'clean', values: [1, 2, 2, 3] },
        { name: 'two', role: 'noise', values: [3, 4] },
      ],
      x: { title: 'margin' },
    }),
  'a decision slice': () =>
    decisionSlice({
      classes: [
        [0, 0, 1],
        [0, 1, 1],
      ],
      x: { title: 'u', domain: [-1, 1] },
      y: { title: 'v', domain: [-1, 1] },
      names: { 0: { name: '3', role: 'clean' }, 1: { name: '7', role: 'adversarial' } },
      eps: 0.25,
      points: [{ x: 0, y: 0, label: 'x', role: 'clean' }],
    }),
  'a weight image': () => weightImage([1, -2, 0, 2], { side: 2 }),
};

async function draw(spec: VegaLiteSpec): Promise<{ svg: string; warnings: string[] }> {
  const warnings: string[] = [];
  const logger: vega.LoggerInterface = {
    level: ((level?: number) =>
      level === undefined ? 0 : logger) as vega.LoggerInterface['level'],
    error: (...text) => logger.warn(...text),
    warn: (...text) => {
      // What a selection listens to; Node has no window.
      if (text[0] !== 'Can not resolve event source: window') warnings.push(text.join(' '));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  const compiled = compile(spec as unknown as TopLevelSpec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logger });
  const svg = await view.toSVG();
  view.finalize();
  return { svg, warnings };
}

describe.each(Object.entries(SPECS))('%s', (_, make) => {
  it('is plain JSON with its data inside, of schema 5, and draws without a warning', async () => {
    const spec = make();
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec.$schema).toBe('https://vega.github.io/schema/vega-lite/v5.json');
    expect(JSON.stringify(spec)).not.toMatch(/"(url|title)":"http/);
    const { svg, warnings } = await draw(spec);
    expect(warnings).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});

describe('line charts', () => {
  it('label powers of ten as 1, 10, 100, and 10⁵', async () => {
    const { svg } = await draw(line(1));
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]);
    for (const label of ['1', '10', '100', '1000', '10⁴', '10⁵']) expect(texts).toContain(label);
  });

  it('name up to five series at their ends, and more in a legend', async () => {
    const direct = await draw(line(5));
    expect(direct.svg).toContain('series 4');
    expect(direct.svg).not.toContain('role-legend');
    expect((await draw(line(6))).svg).toContain('role-legend');
  });

  it('move names apart that would touch', () => {
    const at = (y: number) => ({
      role: 'clean' as const,
      points: [
        { x: 0, y: 0 },
        { x: 1, y },
      ],
    });
    const spec = lineChart({
      series: [
        { name: 'a', ...at(1) },
        { name: 'b', ...at(0.999) },
      ],
      x: { title: 'x' },
      y: { title: 'y' },
    });
    const labels = (spec.layer as { mark: { type: string; dy: number } }[]).filter(
      (layer) => layer.mark.type === 'text',
    );
    expect(labels[0]?.mark.dy).toBe(0);
    expect(labels[1]?.mark.dy).toBeGreaterThan(12);
  });

  it('put the name of a line that ends inside the plot below it, or above it next to the axis', () => {
    const dropsOf = (height: number) => {
      const early = [
        { x: 0, y: 1 },
        { x: 1, y: height },
      ];
      const late = [
        { x: 0, y: 1 },
        { x: 2, y: 0.5 },
      ];
      const spec = lineChart({
        series: [
          { name: 'early', role: 'clean', points: early },
          { name: 'late', role: 'noise', points: late },
        ],
        x: { title: 'x' },
        y: { title: 'y', domain: [0, 1] },
      });
      const layers = spec.layer as { mark: { type: string; align?: string; dy: number } }[];
      const name = layers.find(({ mark }) => mark.type === 'text' && mark.align === 'center');
      return name?.mark.dy;
    };
    expect(dropsOf(0.3)).toBeGreaterThan(0);
    expect(dropsOf(0)).toBeLessThan(0);
  });

  it('are told apart in grey by dash and shape', () => {
    const styles = (
      line(5).layer as {
        mark: { type: string; strokeDash?: number[]; shape?: string; filled?: boolean };
      }[]
    ).map((layer) => layer.mark);
    const dashes = styles
      .filter((mark) => mark.type === 'line')
      .map((mark) => String(mark.strokeDash));
    const shapes = styles
      .filter((mark) => mark.type === 'point')
      .map((mark) => `${mark.shape} ${mark.filled}`);
    expect(new Set(dashes).size).toBe(5);
    expect(new Set(shapes).size).toBe(5);
  });
});

describe('other figures', () => {
  it('a bundle has a row for each run, and no loss of 0 on a logarithmic axis', async () => {
    const spec = SPECS['a bundle of curves']?.() as VegaLiteSpec;
    const { values } = spec.data as { values: { run: number; series: string; values: number[] }[] };
    expect(values.map(({ series, run }) => `${series} ${run}`)).toEqual([
      'standard 1',
      'standard 2',
      'trained 1',
    ]);
    expect(values[0]?.values).toEqual([0.01, 5, 40]);
    const { svg } = await draw(spec);
    const count = (name: string) =>
      svg
        .split(`mark-${name} `)
        .slice(1)
        .flatMap((group) => group.split('</g>')[0]?.match(/<path/g) ?? []).length;
    expect([count('line'), count('symbol')]).toEqual([3, 3]);
  });

  it('a bundle that ends at a loss of 0 has its name inside the plot', async () => {
    const spec = curveBundle({
      bundles: [{ name: 'a', role: 'clean', curves: [[1, 0]] }],
      run: 'start',
      x: { title: 'step' },
      y: { title: 'loss', log: true },
    });
    const { svg } = await draw(spec);
    expect(svg).toMatch(/>a<\/text>/);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('the ends of a bundle lie in even bins, one above the other', () => {
    const spec = curveBundle({
      bundles: [
        { name: 'a', role: 'clean', curves: [1, 1.1, 2.5, 4].map((end) => [0, end]) },
        { name: 'b', role: 'trained', curves: [[0, 7]] },
      ],
      run: 'start',
      x: { title: 'step' },
      y: { title: 'loss' },
    });
    const { values } = spec.data as { values: { level: number; place: number }[] };
    // 15 bins from 1 to 4, and one end that is all there is.
    expect(values.map(({ level, place }) => [level, place])).toEqual([
      [1.1, 1],
      [1.1, 2],
      [2.5, 1],
      [3.9, 1],
      [expect.closeTo(7.0333), 1],
    ]);
  });

  it('the slider over ε goes through what was measured, in even steps', async () => {
    const spec = SPECS['a growing attack']?.() as VegaLiteSpec;
    expect(spec.params).toEqual([
      { name: 'eps', value: 0.1, bind: { input: 'range', name: 'ε', min: 0, max: 0.2, step: 0.1 } },
    ]);
    const { svg } = await draw(spec);
    expect([...svg.matchAll(/>read as (\d)</g)].map((match) => match[1])).toEqual(['1']);
  });

  it('a histogram on a logarithmic axis has bins of equal ratio', () => {
    const spec = histogram({
      series: [{ name: 'a', role: 'clean', values: [1, 5, 50, 100] }],
      x: { title: 'loss', log: true },
      bins: 2,
    }) as unknown as { data: { values: { x: number; share: number }[] } };
    const rows = spec.data.values;
    expect(rows.map(({ share }) => share)).toEqual([0.5, 0.5, 0]);
    expect(rows[1]?.x).toBeCloseTo(10);
  });

  it('a histogram counts shares, the largest value included', () => {
    const spec = histogram({
      series: [{ name: 'one', role: 'clean', values: [0, 1, 1, 4] }],
      x: { title: 'margin' },
      bins: 4,
    });
    const { values } = spec.data as { values: { x: number; share: number }[] };
    expect(values.map((row) => [row.x, row.share])).toEqual([
      [0, 0.25],
      [1, 0.5],
      [2, 0],
      [3, 0.25],
      [4, 0],
    ]);
  });

  it('a decision slice draws a run of one class as one rectangle', () => {
    const spec = SPECS['a decision slice']?.() as { layer: { data: { values: object[] } }[] };
    expect(spec.layer[0]?.data.values).toEqual([
      { x: -1, x2: expect.closeTo(1 / 3), y: -1, y2: 0, class: '3' },
      { x: expect.closeTo(1 / 3), x2: 1, y: -1, y2: 0, class: '7' },
      { x: -1, x2: expect.closeTo(-1 / 3), y: 0, y2: 1, class: '3' },
      { x: expect.closeTo(-1 / 3), x2: 1, y: 0, y2: 1, class: '7' },
    ]);
  });

  it('a scatter plot draws its diagonal through the axes that were given, wherever the points lie', () => {
    const spec = scatterPlot({
      series: [{ name: 'one', role: 'clean', points: [{ x: 0.02, y: 0.03 }] }],
      x: { title: 'before', domain: [0.01, 0.04] },
      y: { title: 'after', domain: [0.01, 0.04] },
      diagonal: true,
    }) as { layer: { data: { values: object[] } }[] };
    expect(spec.layer[0]?.data.values).toEqual([
      { x: 0.01, y: 0.01 },
      { x: 0.04, y: 0.04 },
    ]);
  });

  it('a weight image puts zero in the middle of its scale', () => {
    expect(JSON.stringify(weightImage([1, -2, 0, 0], { side: 2 }))).toContain('"domain":[-2,0,2]');
  });

  it('a decision slice draws a box around each centre', () => {
    const domain = [-1, 1] as const;
    const slice = decisionSlice({
      classes: [[0]],
      x: { title: 'u', domain },
      y: { title: 'v', domain },
      names: { 0: { name: '3', role: 'clean' } },
      eps: 0.25,
      centres: [
        { x: 0.5, y: 0 },
        { x: -0.5, y: 0.25 },
      ],
    });
    expect(JSON.stringify(slice)).toContain(
      '[{"x":0.25,"x2":0.75,"y":-0.25,"y2":0.25},{"x":-0.75,"x2":-0.25,"y":0,"y2":0.5}]',
    );
  });

  it('refuse clouds of points, wrong sizes and unnamed classes', () => {
    const points = Array.from({ length: 1001 }, (_, i) => ({ x: i, y: i }));
    const axes = { x: { title: 'x' }, y: { title: 'y' } };
    expect(() => scatterPlot({ series: [{ name: 'a', role: 'clean', points }], ...axes })).toThrow(
      /at most 1000 points, got 1001/,
    );
    expect(() => weightImage([1, 2, 3])).toThrow(/expected 784 weights, got 3/);
    const domain = [0, 1] as const;
    const slice = { x: { title: 'u', domain }, y: { title: 'v', domain }, names: {} };
    expect(() => decisionSlice({ classes: [[4]], ...slice })).toThrow(/name for class 4/);
  });
});
