import { describe, expect, test } from 'vitest';
import { VEGA_LITE } from '../../../src/mime.js';
import type { Output } from '../../../src/press/notebook/types.js';
import {
  code,
  composed,
  display,
  figure,
  figureOptions,
  markdown,
  publish,
  rulesOf,
  SPEC,
  value,
} from './notebooks.js';

function outputsOf(outputs: Output[], source = '1', tags: string[] = []) {
  const { blocks, problems } = composed([code(source, outputs, tags)]);
  return { blocks: blocks.filter(({ kind }) => kind !== 'code'), rules: rulesOf(problems) };
}

const stream = (name: 'stdout' | 'stderr', text: string): Output => ({
  output_type: 'stream',
  name,
  text,
});

describe('streams and errors', () => {
  const outputs = [stream('stdout', 'a'), stream('stderr', 'x'), stream('stdout', 'b')];

  test('stderr is shown between the pieces of stdout', () => {
    const { blocks } = outputsOf(outputs, '//| warning: true\n1');
    expect(blocks.map((block) => block.kind === 'stream' && block.text)).toEqual(['a', 'x', 'b']);
  });

  test('without it the pieces of stdout are joined', () => {
    const { blocks } = outputsOf(outputs, '//| warning: false\n1');
    expect(blocks).toEqual([{ kind: 'stream', name: 'stdout', text: 'ab' }]);
  });

  test('of a flood the page has the start and the end, and says so', () => {
    const lines = Array.from({ length: 1000 }, (_, line) => `${line}`);
    const [block] = outputsOf([stream('stdout', lines.join('\n'))]).blocks;
    const shown = block?.kind === 'stream' ? block.text.split('\n') : [];
    expect(shown.slice(158, 162)).toEqual([
      '158',
      '159',
      '[800 lines left out here; the notebook has them]',
      '960',
    ]);
    expect(shown).toHaveLength(201);
  });

  test('of a line without end too', () => {
    const [block] = outputsOf([stream('stdout', 'x'.repeat(1_000_000))]).blocks;
    expect(block).toMatchObject({
      text: expect.stringMatching(/^x{16000}\n\[980,000 characters left out .*\]\nx{4000}$/),
    });
  });

  test('an error is shown', () => {
    const error: Output = { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['t'] };
    expect(outputsOf([error]).blocks).toEqual([
      { kind: 'error', name: 'E', message: 'v', traceback: ['t'] },
    ]);
  });
});

describe('our own outputs', () => {
  const source = figureOptions('fig-a', 'Cap', 'Alt');

  test('a figure takes label, caption and text from its cell', () => {
    expect(outputsOf([figure()], source)).toEqual({
      blocks: [
        {
          kind: 'figure',
          id: 'fig-a',
          number: '1',
          caption: [{ type: 'text', tag: '', nesting: 0, content: 'Cap' }],
          alt: 'Alt',
          width: 'text',
          body: { type: 'vega-lite', spec: SPEC },
        },
      ],
      rules: [],
    });
  });

  test('a grid is a figure', () => {
    const rows = [[{ png: 'AA', width: 28, height: 28, above: '3' }]];
    const { blocks } = outputsOf([publish({ kind: 'grid', rows, scale: 2 })], source);
    expect(blocks).toMatchObject([{ kind: 'figure', body: { type: 'grid', rows, scale: 2 } }]);
  });

  test('a table has a number of its own', () => {
    const columns = [{ key: 'a', title: 'A', format: { as: 'integer' as const } }];
    const table = publish({ kind: 'table', columns, rows: [{ a: 1 }] });
    const { blocks, rules } = outputsOf([table], '//| label: tbl-a\n//| tbl-cap: Cap\n1');
    expect(blocks).toMatchObject([{ kind: 'table', id: 'tbl-a', number: '1', rows: [{ a: 1 }] }]);
    expect(rules).toEqual([]);
  });

  test('a plain specification under a figure label is a figure', () => {
    const { blocks } = outputsOf([display({ [VEGA_LITE]: SPEC })], source);
    expect(blocks).toMatchObject([{ kind: 'figure', id: 'fig-a' }]);
  });

  test('values, the engine and sources are no blocks', () => {
    const outputs = [
      value('a', 1),
      publish({ kind: 'engine', name: 'tfjs-node', version: '4.22.0', threads: 2 }),
      publish({ kind: 'source', name: 'MNIST', detail: '70,000 images', sha256: 'ab12' }),
      publish({ kind: 'source', name: 'MNIST', detail: '70,000 images', sha256: 'ab12' }),
    ];
    const { blocks, colophon } = composed([code('1', outputs)], {
      colophon: [{ name: 'Date', text: 'today' }],
    });
    expect(blocks.map(({ kind }) => kind)).toEqual(['code']);
    expect(colophon).toEqual([
      { name: 'Date', text: 'today' },
      { name: 'Engine', text: 'tfjs-node 4.22.0, 2 threads' },
      { name: 'MNIST', text: '70,000 images, SHA-256 ab12' },
    ]);
  });

  test.each([
    [
      'no label, caption, text',
      '1',
      [figure()],
      ['exhibit-labelled', 'exhibit-captioned', 'figure-described'],
    ],
    ['a label of another kind', source.replace('fig-a', 'tbl-a'), [figure()], ['exhibit-labelled']],
    ['a label without a figure', source, [], ['label-matches']],
    ['two figures', source, [figure(), figure()], ['one-exhibit-a-cell']],
    [
      'data behind an address',
      source,
      [figure({ ...SPEC, data: { url: 'a.csv' } })],
      ['figure-holds-its-data'],
    ],
    ['no specification', source, [publish({ kind: 'figure' })], ['figure-holds-its-data']],
    [
      'a form that is not ours',
      '1',
      [display({}, { marginalia: { kind: 'grid', rows: 1 } })],
      ['published-form'],
    ],
  ])('%s is reported', (_title, text, outputs, rules) => {
    expect(outputsOf(outputs, text).rules).toEqual(rules.map((rule) => `${rule} (cell 1)`));
  });

  test('a figure that would load something is not drawn', () => {
    const remote = { layer: [SPEC, { data: { url: 'https://example.org/a.csv' } }] };
    expect(outputsOf([figure(remote)], source).blocks).toEqual([]);
    expect(outputsOf([display({ [VEGA_LITE]: remote })]).blocks).toEqual([]);
  });

  test('what a cell lacks is said once, not again by those who refer to it', () => {
    const { problems } = composed([code(source), markdown('@fig-a')]);
    expect(rulesOf(problems)).toEqual(['label-matches (cell 1)']);
  });
});

describe('code', () => {
  test('the option lines are not printed; time and summary are', () => {
    const cell = {
      ...code('//| code-summary: What it does\n//| code-fold: show\nconst a = 1;'),
      metadata: {
        execution: {
          'iopub.status.busy': '2026-11-21T10:00:00.000Z',
          'iopub.status.idle': '2026-11-21T10:00:01.234Z',
        },
      },
    };
    expect(composed([cell]).blocks).toEqual([
      {
        kind: 'code',
        id: 'cell-cell1',
        source: 'const a = 1;',
        language: 'typescript',
        fold: 'show',
        summary: 'What it does',
        seconds: 1.23,
      },
    ]);
  });

  test.each([
    ['echo: false', '//| echo: false\n1', ['stream']],
    ['output: false', '//| output: false\n1', ['code']],
    ['include: false', '//| include: false\n1', []],
  ])('%s', (_title, source, kinds) => {
    const { blocks } = composed([code(source, [stream('stdout', 'a')])]);
    expect(blocks.map(({ kind }) => kind)).toEqual(kinds);
  });
});
