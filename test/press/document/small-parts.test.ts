import { describe, expect, test } from 'vitest';
import { parseInline, parseMarkdown } from '../../../src/press/document/markdown.js';
import { nearMatches } from '../../../src/press/document/near-matches.js';
import { plainText } from '../../../src/press/document/plain-text.js';
import { isSafeLink } from '../../../src/press/document/safe-link.js';
import { findAddress, refusal } from '../../../src/vega-safety.js';
import { here, SPEC } from './notebooks.js';

describe('plain text', () => {
  test.each([
    ['marks are dropped', 'a *b* `c` [d](e.html)', 'a b c d'],
    ['lines are joined', 'a\nb', 'a b'],
    ['Greek letters are letters', '$\\varepsilon = 0.25$ and $\\eta$', 'ε = 0.25 and η'],
    ['norms and indices', '$\\lVert w \\rVert_1 \\le \\|x\\|_\\infty^2$', '‖ w ‖₁ ≤ ‖x‖∞²'],
    ['a transpose', '$w^\\top \\tilde{x}$', 'wᵀ x'],
    ['styles vanish', '$\\mathrm{sign}(\\mathbf{w})$', 'sign(w)'],
  ])('%s', (_title, markdown, text) => {
    expect(plainText(parseInline(markdown, here, () => {}))).toBe(text);
  });

  test('blocks are set apart', () => {
    expect(plainText(parseMarkdown('a\n\n- b\n- c', here, () => {}))).toBe('a b c');
  });
});

describe('near matches', () => {
  test.each([
    ['a wrong letter', 'fig-grwth', ['fig-growth']],
    ['capitals', 'FIG-growth', ['fig-growth']],
    ['a part of a name', 'error', ['softmax.error', 'softmax.fgsm.error']],
    ['nothing near', 'completely-else', []],
  ])('%s', (_title, name, near) => {
    const names = ['softmax.fgsm.error', 'fig-growth', 'softmax.error'];
    expect(nearMatches(name, names)).toEqual(near);
  });
});

describe('addresses in a specification', () => {
  const image = { type: 'image', url: 'https://example.org/a.png' };
  test.each([
    ['none', SPEC, null],
    [
      'a column named url',
      { data: { values: [{ url: 'x' }] }, datasets: { a: [{ url: 1 }] } },
      null,
    ],
    ['data', { data: { url: 'a.csv' } }, 'data.url'],
    ['a layer', { layer: [{}, { data: { url: 'a' } }] }, 'layer.1.data.url'],
    ['a lookup', { transform: [{ from: { data: { url: 'a' } } }] }, 'transform.0.from.data.url'],
    ['a picture mark', { mark: image }, 'mark.url'],
    ['a picture channel', { encoding: { url: { field: 'a' } } }, 'encoding.url'],
    ['a link channel', { encoding: { href: { value: 'javascript:a' } } }, 'encoding.href'],
    ['under another name', { config: { values: { url: 'a' } } }, 'config.values.url'],
    ['a data set that is none', { datasets: { a: { url: 'b' } } }, 'datasets.a.url'],
  ])('%s', (_title, spec, address) => {
    expect(findAddress(spec)).toBe(address);
  });
});

describe('pictures in rows', () => {
  const png = 'data:image/png;base64,iVBORw0KGgo=';
  const url = { field: 'a', type: 'nominal' };
  const plot = (values: unknown, channel: object = url) => ({
    data: { values },
    layer: [{ mark: 'image', encoding: { url: channel } }],
  });
  test.each([
    ['all PNG', plot([{ a: png }, { b: 1 }]), null],
    ['in a data set', { ...plot([]), datasets: { d: [{ a: png }] } }, null],
    ['none', plot([{ b: 1 }]), 'layer.0.encoding.url'],
    [
      'an address among them',
      plot([{ a: png }, { a: 'https://example.org' }]),
      'layer.0.encoding.url',
    ],
    ['another kind', plot([{ a: 'data:image/svg+xml;base64,PHN2Zz4=' }]), 'layer.0.encoding.url'],
    ['more than base64', plot([{ a: `${png}"` }]), 'layer.0.encoding.url'],
    ['a file of rows', plot(`a\n${png}`), 'layer.0.encoding.url'],
    ['a value beside', plot([{ a: png }], { ...url, condition: {} }), 'layer.0.encoding.url'],
    ['a link', { ...plot([{ a: png }]), encoding: { href: url } }, 'encoding.href'],
  ])('%s', (_title, spec, address) => {
    expect(findAddress(spec)).toBe(address);
  });
});

describe('rows of a specification', () => {
  const many = Array.from({ length: 100_001 }, () => 1);
  test.each([
    ['enough', { data: { values: many.slice(1) } }, null],
    ['inline', { layer: [{ data: { values: many } }] }, '100,001 under layer.0.data.values'],
    ['text', { data: { values: 'a\n'.repeat(200_000) } }, '200,001 under data.values'],
    ['named', { datasets: { a: [1], b: many } }, '100,001 under datasets'],
    ['a sequence', { data: { sequence: { start: 0, stop: 1e9 } } }, '1,000,000,000 under data.seq'],
    ['a fine step', { data: { sequence: { start: 1, stop: 0, step: -1e-6 } } }, '1,000,000 under'],
    ['no step', { data: { sequence: { start: 0, stop: 1, step: 0 } } }, '∞ under'],
    ['a short sequence', { data: { sequence: { start: 0, stop: 10, step: 0.1 } } }, null],
    ['keys', { transform: [{ impute: 'a', keyvals: { stop: 1e7 } }] }, 'transform.0.keyvals'],
    ['a density', { transform: [{ density: 'a', steps: 1e7 }] }, 'transform.0.steps'],
    ['bins', { encoding: { x: { bin: { maxbins: 1e8 } } } }, 'encoding.x.bin.maxbins'],
  ])('%s', (_title, spec, message) => {
    if (message === null) expect(refusal(spec)).toBeNull();
    else expect(refusal(spec)?.message).toContain(message);
  });
});

describe('links', () => {
  test.each([
    ['https://example.org', true],
    ['HTTP://example.org', true],
    ['mailto:a@example.org', true],
    ['#fig-a', true],
    ['02-landscape.html#top', true],
    ['../index.html', true],
    ['page?time=12:30', true],
    ['javascript:alert(1)', false],
    ['java\tscript:alert(1)', false],
    [' javascript:alert(1)', false],
    ['\\\\host\\share', false],
    ['//example.org', false],
    ['https:/example.org', false],
    ['file:///etc/passwd', false],
    [' JaVa\nScript:alert(1)', false],
    ['data:text/html,a', false],
  ])('%j is safe: %s', (address, safe) => {
    expect(isSafeLink(address)).toBe(safe);
  });
});
