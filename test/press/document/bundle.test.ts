/** Every MIME type that Jupyter's kernels emit, alone and beside others. */

import { expect, test } from 'vitest';
import { VEGA_LITE } from '../../../src/mime.js';
import type { Block } from '../../../src/press/document/types.js';
import { code, composed, display, rulesOf, SPEC, show } from './notebooks.js';

/** A block in one readable line. */
function line(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `text ${block.text}`;
    case 'html':
      return `html ${block.html}`;
    case 'svg':
      return `svg ${block.svg}`;
    case 'image':
      return `${block.mime} ${block.data}`;
    case 'prose':
      return show(block.tokens);
    case 'unsupported':
      return `not shown: ${block.mimes.join(', ')}`;
    default:
      return block.kind;
  }
}

function shown(data: object): { lines: string[]; rules: string[] } {
  const { blocks, problems } = composed([code('1', [display(data)])]);
  return { lines: blocks.slice(1).map(line), rules: rulesOf(problems) };
}

const PLAIN = { 'text/plain': 'p' };
const PNG = { 'image/png': 'AA' };
const SCRIPT = '<div id="x"></div><script>draw("x")</script>';
const JSON_TEXT = 'text {\n  "a": 1\n}';

const SHOWN: readonly [title: string, data: object, line: string][] = [
  ['text/plain', PLAIN, 'text p'],
  ['text/plain in lines', { 'text/plain': ['p\n', 'q'] }, 'text p\nq'],
  ['text/html', { ...PLAIN, ...PNG, 'text/html': ['<b>', 'h</b>'] }, 'html <b>h</b>'],
  [
    'text/html, a picture',
    { 'text/html': '<img src="data:image/png;base64,AA">' },
    'html <img src="data:image/png;base64,AA">',
  ],
  [
    'text/html with scripts beside a picture',
    { 'text/html': `${SCRIPT}text`, ...PNG },
    'image/png AA',
  ],
  [
    'text/html with scripts and words',
    { 'text/html': `${SCRIPT}words`, ...PLAIN },
    `html ${SCRIPT}words`,
  ],
  ['text/markdown', { ...PLAIN, 'text/markdown': '*m*' }, '<p><em>m</em></p>'],
  [
    'text/latex',
    { ...PLAIN, ...PNG, 'text/latex': '$\\displaystyle x$' },
    '<math_block \\displaystyle x>',
  ],
  ['text/latex in double dollars', { 'text/latex': '$$\nx\n$$' }, '<math_block x>'],
  ['text/latex in brackets', { 'text/latex': '\\[x\\]' }, '<math_block x>'],
  [
    'text/latex as environment',
    { 'text/latex': '\\begin{align}x\\end{align}' },
    '<math_block \\begin{align}x\\end{align}>',
  ],
  [
    'text/latex with words',
    { 'text/latex': 'so $x$ and $y$' },
    '<p>so <math_inline x> and <math_inline y></p>',
  ],
  ['image/svg+xml', { ...PLAIN, ...PNG, 'image/svg+xml': '<svg/>' }, 'svg <svg/>'],
  ['image/png', { ...PLAIN, 'image/png': 'A\nA' }, 'image/png AA'],
  ['image/jpeg', { ...PLAIN, 'image/jpeg': 'AA' }, 'image/jpeg AA'],
  ['image/gif', { ...PLAIN, 'image/gif': 'AA' }, 'image/gif AA'],
  ['image/webp', { ...PLAIN, 'image/webp': 'AA' }, 'image/webp AA'],
  ['application/json', { ...PLAIN, 'application/json': { a: 1 } }, JSON_TEXT],
  ['application/geo+json', { ...PLAIN, 'application/geo+json': { a: 1 } }, JSON_TEXT],
  ['Vega-Lite 5', { ...PLAIN, ...PNG, 'text/html': 'h', [VEGA_LITE]: SPEC }, 'vega-lite'],
  ['Vega-Lite 6', { ...PLAIN, 'application/vnd.vegalite.v6+json': SPEC }, 'vega-lite'],
  ['Vega with a picture', { 'application/vnd.vega.v5+json': {}, ...PNG, ...PLAIN }, 'image/png AA'],
  [
    'Plotly with HTML',
    { 'application/vnd.plotly.v1+json': {}, 'text/html': '<p>h</p>' },
    'html <p>h</p>',
  ],
];

test.each(SHOWN)('%s is shown', (_, data, expected) => {
  expect(shown(data)).toEqual({ lines: [expected], rules: [] });
});

const UNSUPPORTED = [
  'application/vnd.vega.v5+json',
  'application/javascript',
  'application/pdf',
  'application/vnd.jupyter.widget-view+json',
  'application/vnd.plotly.v1+json',
  'application/x-nobody-knows',
];

test.each(UNSUPPORTED)('%s is named as missing, with its words', (mime) => {
  const rules = ['output-shown (cell 1)'];
  expect(shown({ [mime]: {} })).toEqual({ lines: [`not shown: ${mime}`], rules });
  const lines = [`not shown: ${mime}`, 'text p'];
  expect(shown({ [mime]: {}, ...PLAIN })).toEqual({ lines, rules });
});

test.each([
  ['HTML of scripts alone', SCRIPT],
  ['HTML of styles alone', '<style>p { color: red }</style><!-- a -->'],
])('%s is named as missing', (_, html) => {
  expect(shown({ 'text/html': html })).toEqual({
    lines: ['not shown: text/html'],
    rules: ['output-shown (cell 1)'],
  });
});

test('Markdown of a cell is read like any other', () => {
  const { lines, rules } = shown({ 'text/markdown': '[a](javascript:b) `c`' });
  expect(lines).toEqual(['<p>a <code_inline c></p>']);
  expect(rules).toEqual(['link-allowed (cell 1, line 1)']);
});

test('nothing is shown of an empty bundle', () => {
  expect(shown({})).toEqual({ lines: [], rules: [] });
});

test('a long text and long JSON are cut', () => {
  const numbers = Array.from({ length: 5000 }, (_, index) => index);
  const cut = expect.stringContaining('lines left out here');
  expect(shown({ 'application/json': numbers }).lines).toEqual([cut]);
  expect(shown({ 'text/plain': numbers.join('\n') }).lines).toEqual([cut]);
});
