import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/errors.js';
import { parseInline, parseMarkdown } from '../../../src/press/document/markdown.js';
import { here, rulesOf, show } from './notebooks.js';

function read(text: string): { shown: string; rules: string[] } {
  const problems: Problem[] = [];
  const tokens = parseMarkdown(text, here, (problem) => problems.push(problem));
  return { shown: show(tokens), rules: rulesOf(problems) };
}

const READS: readonly [title: string, markdown: string, shown: string][] = [
  ['maths in a line', 'a $x_1*y*z$ b', '<p>a <math_inline x_1*y*z> b</p>'],
  ['an escaped dollar in maths', '$a\\$b$', '<p><math_inline a\\$b></p>'],
  ['money is not maths', 'from $5 to $6', '<p>from $5 to $6</p>'],
  ['an escaped dollar is not maths', '\\$a\\$', '<p>$a$</p>'],
  ['quotes are curled, but not in maths', '"a" $f("b")$', '<p>“a” <math_inline f("b")></p>'],
  ['a block of maths', '$$\na\n= b\n$$', '<math_block a\n= b>'],
  ['a labelled block', '$$ a $$ {#eq-a}', '<math_block a {"id":"eq-a"}>'],
  ['maths ends a paragraph', 'so\n$$ a $$', '<p>so</p><math_block a>'],
  ['maths in a quotation', '> $$\n> a\n> $$', '<blockquote><math_block a></blockquote>'],
  ['a value', '{{a.b}}', '<p><value {"name":"a.b","filter":""}></p>'],
  ['a filter', '{{ a | fixed 2 }}', '<p><value {"name":"a","filter":"fixed 2"}></p>'],
  ['code keeps its braces', '`{{a}} @b $c$`', '<p><code_inline {{a}} @b $c$></p>'],
  ['a fence keeps its marks', '```ts\n{{a}} @fig-b\n```', '<fence ts {{a}} @fig-b\n>'],
  ['a reference', 'see @fig-x.', '<p>see <reference {"target":"fig-x","bare":false}>.</p>'],
  ['a bare reference', '[-@eq-x]', '<p><reference {"target":"eq-x","bare":true}></p>'],
  [
    'references in a row',
    '[@fig-a; @fig-b]',
    '<p><reference {"target":"fig-a","bare":false}> and <reference {"target":"fig-b","bare":false}></p>',
  ],
  [
    'a citation with a place',
    '[see @a2015, sec. 3; -@b]',
    '<p><citation {"items":[{"key":"a2015","bare":false,"prefix":"see","locator":"sec. 3"},{"key":"b","bare":true}],"narrative":false}></p>',
  ],
  [
    'a citation in the sentence',
    '@a2015 say',
    '<p><citation {"items":[{"key":"a2015","bare":false}],"narrative":true}> say</p>',
  ],
  ['a mail address is text', 'a@b.org c+@d.org', '<p>a@b.org c+@d.org</p>'],
  ['a list that counts from three', '3. a', '<ol start=3><li 3>a</li></ol>'],
  [
    'a link is no citation',
    '[@a](b.html)',
    '<p><a href=b.html><citation {"items":[{"key":"a","bare":false}],"narrative":true}></a></p>',
  ],
  ['a heading with a label', '## T {#sec-t}', '<h2 {"id":"sec-t"}>T</h2>'],
  ['a heading without a number', '## T {-}', '<h2 {"unnumbered":true}>T</h2>'],
  [
    'a callout',
    '::: tip Look\na\n\nb\n:::\nc',
    '<aside tip><p tip>Look</p><p>a</p><p>b</p></aside><p>c</p>',
  ],
  [
    'a callout in a callout',
    '::: note\n::: tip\na\n:::\nb\n:::',
    '<aside note><p note></p><aside tip><p tip></p><p>a</p></aside><p>b</p></aside>',
  ],
  [
    'a callout in a list',
    '- a\n\n  ::: note\n  b\n  :::',
    '<ul><li><p>a</p><aside note><p note></p><p>b</p></aside></li></ul>',
  ],
  [
    "GitHub's callout",
    '> [!WARNING]\n> a *b*\n>\n> c',
    '<aside warning><p warning></p><p>a <em>b</em></p><p>c</p></aside>',
  ],
  [
    "GitHub's callout with its mark in a paragraph of its own",
    '> [!caution]\n>\n> > a\n\nb',
    '<aside caution><p caution></p><blockquote><p>a</p></blockquote></aside><p>b</p>',
  ],
  [
    'a quotation of a mark is no callout',
    '> [!NOTE] a\n\n> b\n> [!TIP]',
    '<blockquote><p>[!NOTE] a</p></blockquote><blockquote><p>b<softbreak>[!TIP]</p></blockquote>',
  ],
  [
    'definitions',
    'a $x$\n: b\n\n  c\n\nd\n: e',
    '<dl><dt>a <math_inline x></dt><dd><p>b</p><p>c</p></dd><dt>d</dt><dd>e</dd></dl>',
  ],
  [
    'tasks',
    '- [x] a\n- [ ] b\n- [c]',
    '<ul class=tasks><li class=task><checkbox_input type=checkbox class=task-list-item-checkbox id=task-item-0 checked=checked disabled=disabled> a</li>' +
      '<li class=task><checkbox_input type=checkbox class=task-list-item-checkbox id=task-item-1 disabled=disabled> b</li><li>[c]</li></ul>',
  ],
  [
    'placeholders',
    '::: claims\n:::\n::: references',
    '<placeholder claims><placeholder references>',
  ],
  [
    'raw HTML is text',
    'a <b>c</b>\n\n<script>d</script>',
    '<p>a <b>c</b></p><p><script>d</script></p>',
  ],
  ['addresses are not linked', 'https://example.org', '<p>https://example.org</p>'],
];

describe('Markdown reads', () => {
  test.each(READS)('%s', (_title, markdown, shown) => {
    expect(read(markdown)).toEqual({ shown, rules: [] });
  });
});

const REFUSED: readonly [title: string, markdown: string, shown: string, rules: string[]][] = [
  ['a script link', '[a](javascript:alert(1))', '<p>a</p>', ['link-allowed (cell 1, line 1)']],
  ['a script link in capitals', '[a](JaVaScRiPt:b)', '<p>a</p>', ['link-allowed (cell 1, line 1)']],
  [
    'a script link by entity',
    '[a](javascript&colon;b)',
    '<p>a</p>',
    ['link-allowed (cell 1, line 1)'],
  ],
  [
    'an automatic script link',
    'x\n<javascript:b>',
    '<p>x<softbreak>javascript:b</p>',
    ['link-allowed (cell 1, line 2)'],
  ],
  ['a data link', '[a](data:text/html,b)', '<p>a</p>', ['link-allowed (cell 1, line 1)']],
  ['a file link', '[a](file:///etc/passwd)', '<p>a</p>', ['link-allowed (cell 1, line 1)']],
  ['a link without a scheme', '[a](//b.org)', '<p>a</p>', ['link-allowed (cell 1, line 1)']],
  [
    'a link by reference',
    '[a][b]\n\n[b]: vbscript:c',
    '<p>a</p>',
    ['link-allowed (cell 1, line 1)'],
  ],
  [
    'a remote picture',
    '![a *b*](https://c.org/d.png)',
    '<p>a b</p>',
    ['picture-attached (cell 1, line 1)'],
  ],
  ['a picture outside', '![a](../../b.png)', '<p>a</p>', ['picture-attached (cell 1, line 1)']],
  [
    'a picture that is not attached',
    '![a](attachment:b.png)',
    '<p>a</p>',
    ['picture-attached (cell 1, line 1)'],
  ],
  [
    'a picture with a script',
    '![a](data:image/svg+xml;base64,AAAA)',
    '<p>a</p>',
    ['picture-attached (cell 1, line 1)'],
  ],
  [
    'a picture in a link',
    '[![a](b.png)](javascript:c)',
    '<p>a</p>',
    ['link-allowed (cell 1, line 1)', 'picture-attached (cell 1, line 1)'],
  ],
  ['maths that does not close', '$$ a', '<p>$$ a</p>', ['maths-closes (cell 1, line 1)']],
  [
    'a container nobody knows',
    'a\n\n::: box\nb\n:::',
    '<p>a</p><p>::: box<softbreak>b<softbreak>:::</p>',
    ['container-known (cell 1, line 3)'],
  ],
  [
    'a value cut by a table',
    '| a |\n|---|\n| {{b | fixed 1}} |',
    '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>{{b</td></tr></tbody></table>',
    ['value-reads (cell 1, line 3)'],
  ],
  [
    'a value in maths, but no braces of TeX',
    'a\n\n$n = {{b.n | integer}}$, $x_{{a}}$\n\n$$\n{{b | fixed 1}}\n$$',
    '<p>a</p><p><math_inline n = {{b.n | integer}}>, <math_inline x_{{a}}></p><math_block {{b | fixed 1}}>',
    ['value-reads (cell 1, line 3)', 'value-reads (cell 1, line 5)'],
  ],
];

describe('Markdown refuses', () => {
  test.each(REFUSED)('%s', (_title, markdown, shown, rules) => {
    expect(read(markdown)).toEqual({ shown, rules });
  });
});

test('a line is read as closely as a text', () => {
  const rules: string[] = [];
  parseInline('$n = {{b | integer}}$ and {{c', here, ({ rule }) => rules.push(rule));
  expect(rules).toEqual(['value-reads', 'value-reads']);
});

test('a picture that the cell carries is shown', () => {
  const attachments = { 'a b.png': { 'image/png': 'iVBO\nRw0K' } };
  const tokens = parseInline('![alt](<attachment:a b.png>)', { ...here, attachments }, () => {});
  expect(show(tokens)).toBe('<image src=data:image/png;base64,iVBORw0K alt=alt alt>');
});

test('tokens are plain JSON without empty fields', () => {
  const tokens = parseMarkdown('a *b*', here, () => {});
  expect(JSON.parse(JSON.stringify(tokens))).toEqual(tokens);
  expect(tokens[1]).toEqual({
    type: 'inline',
    tag: '',
    nesting: 0,
    line: 1,
    block: true,
    children: [
      { type: 'text', tag: '', nesting: 0, line: 1, content: 'a ' },
      { type: 'em_open', tag: 'em', nesting: 1, line: 1, markup: '*' },
      { type: 'text', tag: '', nesting: 0, line: 1, content: 'b' },
      { type: 'em_close', tag: 'em', nesting: -1, line: 1, markup: '*' },
    ],
  });
});
