import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim, figure, grid, progress, publishSource, table, value } from '../../src/lab/index.js';
import { type Bundle, redirectTo } from '../../src/lab/publish.js';
import { METADATA_KEY, VEGA_LITE } from '../../src/mime.js';

let sent: Bundle[];
let restore: () => void;

beforeEach(() => {
  sent = [];
  restore = redirectTo((bundle) => sent.push(bundle));
});

afterEach(() => restore());

function only(): Bundle {
  expect(sent).toHaveLength(1);
  // What cannot be written as JSON would be lost on the wire.
  expect(JSON.parse(JSON.stringify(sent[0]))).toEqual(sent[0]);
  return sent[0] as Bundle;
}

describe('a published result is one bundle', () => {
  it('value', () => {
    const details = { interval: [0.998, 1] as const, n: 10000, seeds: 3, unit: 'nats' };
    value('softmax.fgsm.error', 0.999, details);
    const { data, metadata } = only();
    expect(data).toEqual({
      'text/plain': 'softmax.fgsm.error = 0.999 nats [0.998, 1] (n = 10000, seeds = 3)',
    });
    expect(metadata[METADATA_KEY]).toEqual({
      kind: 'value',
      name: 'softmax.fgsm.error',
      value: 0.999,
      ...details,
    });
  });

  it('claim', () => {
    claim('linear-logreg-3-vs-7', { n: 2038, reduced: 'one seed' });
    expect(only()).toEqual({
      data: { 'text/plain': 'claim linear-logreg-3-vs-7 (reduced: one seed)' },
      metadata: {
        marginalia: { kind: 'claim', id: 'linear-logreg-3-vs-7', n: 2038, reduced: 'one seed' },
      },
    });
  });

  it('figure', () => {
    const spec = { mark: 'point', data: { values: [{ a: 1 }] } };
    figure(spec);
    expect(only().data).toEqual({ [VEGA_LITE]: spec, 'text/plain': '[figure]' });
    expect(only().metadata[METADATA_KEY]).toEqual({ kind: 'figure' });
  });

  it('table, with formatted and escaped cells', () => {
    table({
      columns: [
        { key: 'model', title: 'model', format: { as: 'text' } },
        { key: 'error', title: 'error', format: { as: 'percent', digits: 1 } },
        { key: 'loss', title: 'loss', unit: 'nats', format: { as: 'fixed', digits: 2 } },
        { key: 'n', title: 'n', format: { as: 'integer' } },
      ],
      rows: [{ model: '<b>', error: 0.9996, loss: null, n: 10000 }],
    });
    const { data } = only();
    expect(data['text/plain']).toBe('model\terror\tloss (nats)\tn\n<b>\t100.0 %\t\t10000');
    expect(data['text/html']).toContain('<td>&lt;b&gt;</td><td>100.0 %</td><td></td>');
  });

  it('grid, with signs between the images', () => {
    const image = { png: 'AAAA', width: 2, height: 3, above: 'a', below: '"b"' };
    grid({ rows: [[image, image]], heads: ['clean', 'noise'], signs: ['+'], scale: 4 });
    const { data, metadata } = only();
    expect(data['text/html']).toBe(
      '<table><tr><th>clean</th><th></th><th>noise</th></tr>' +
        `<tr><td>${IMAGE}</td><td>+</td><td>${IMAGE}</td></tr></table>`,
    );
    expect(data['text/plain']).toBe('clean | noise\na: "b" | a: "b"');
    expect(metadata[METADATA_KEY]).toMatchObject({ kind: 'grid', scale: 4, signs: ['+'] });
  });

  it('source', () => {
    publishSource({ name: 'train-labels', detail: 'MNIST training', sha256: 'ab' });
    expect(only().metadata[METADATA_KEY]).toEqual({
      kind: 'source',
      name: 'train-labels',
      detail: 'MNIST training',
      sha256: 'ab',
    });
  });

  it('progress, not for every step', () => {
    for (let step = 1; step <= 1000; step++) progress('training', step, 1000);
    expect(sent.length).toBeLessThan(20);
  });
});

const IMAGE =
  'a<br><img alt="a, &quot;b&quot;" src="data:image/png;base64,AAAA" width="8" height="12" ' +
  'style="image-rendering:pixelated"><br>&quot;b&quot;';

describe('publish refuses', () => {
  const column = { key: 'a', title: 'a', format: { as: 'text' } } as const;
  it.each([
    ['a figure that fetches data', () => figure({ data: { url: 'x.csv' } }), /under data.url$/],
    [
      'a layer that fetches data',
      () => figure({ layer: [{ data: { url: 'x.csv' } }] }),
      /under layer.0.data.url$/,
    ],
    [
      'a figure of too many rows',
      () => figure({ data: { values: Array(100_001).fill({ a: 1 }) } }),
      /^expected at most 100,000 rows in a figure, got 100,001 under data.values$/,
    ],
    ['a value that is NaN', () => value('a.b', Number.NaN), /finite number for a.b, got NaN/],
    ['a name with spaces', () => value('a b', 1), /expected a name such as .*got "a b"/],
    ['a table with a hole', () => table({ columns: [column], rows: [{}] }), /row 1 under "a"/],
    ['half pixels', () => grid({ rows: [], scale: 1.5 }), /whole number as scale, got 1.5/],
  ])('%s', (_, act, says) => {
    expect(act).toThrow(says);
    expect(sent).toEqual([]);
  });
});

it('outside a kernel nothing is sent and nothing fails', () => {
  restore();
  expect(() => value('a.b', 1)).not.toThrow();
  expect(sent).toEqual([]);
});
