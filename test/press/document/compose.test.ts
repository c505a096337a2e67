import { describe, expect, test } from 'vitest';
import { compose } from '../../../src/press/document/compose.js';
import type { Ledger, LedgerClaim } from '../../../src/press/document/types.js';
import {
  code,
  composed,
  contextOf,
  HEAD,
  markdown,
  notebookOf,
  publish,
  rulesOf,
  show,
  value,
} from './notebooks.js';

const BIBLIOGRAPHY = '@misc{p, title={T}, author={Solo, A.}, year={2014}}';

describe('the head', () => {
  const cells = [
    code('1', [value('m.error', 0.5)]),
    markdown('# A *title*\n\nText.'),
    markdown('more'),
  ];
  const meta = (head: object) => {
    const document = compose(notebookOf(cells, head), contextOf({ bibliography: BIBLIOGRAPHY }));
    return { ...document, rules: rulesOf(document.problems) };
  };

  test('the first heading is the title and leaves the text', () => {
    const { meta: head, blocks, rules } = meta(HEAD);
    expect(head).toMatchObject({
      slug: 'test',
      title: 'A title',
      question: 'Why?',
      language: 'en',
    });
    expect(blocks.filter(({ kind }) => kind === 'heading')).toEqual([]);
    expect(rules).toEqual([]);
  });

  test('its texts hold values; its language, title and paper win', () => {
    const highlights = ['{{m.error | percent 0}} of all'];
    const given = { ...HEAD, title: 'Own $\\epsilon$', language: 'de', paper: 'p', highlights };
    const { meta: head } = meta({ ...given, answer: 'It is {{m.error}}.', run: { any: 1 } });
    expect(head).toMatchObject({
      title: 'Own ε',
      language: 'de',
      paper: { key: 'p', short: 'Solo 2014' },
    });
    expect(head.highlights.map(({ text }) => text)).toEqual(['50\u202f% of all']);
    expect(show(head.answer)).toMatch(/^It is <value 0\.500 .*>\.$/);
  });

  test.each([
    ['no answer', { question: 'a' }, ['head-complete']],
    ['a wrong form', { question: 1 }, ['head-complete']],
    ['four highlights', { ...HEAD, highlights: ['a', 'b', 'c', 'd'] }, ['head-complete']],
    ['an unknown paper', { ...HEAD, paper: 'q' }, ['citation-exists']],
    ['an unknown value', { ...HEAD, answer: '{{m.err}}' }, ['value-published']],
  ])('%s is reported', (_title, head, rules) => {
    expect(meta(head).rules).toEqual(rules);
  });

  test('220 words take a minute', () => {
    const text = markdown('word '.repeat(660));
    expect(composed([text]).meta.readingMinutes).toBe(3);
    expect(composed([markdown('short')]).meta.readingMinutes).toBe(1);
  });

  test.each([
    ['a second title', '# A\n\n# B', ['one-title (cell 1, line 3)']],
    ['a fourth level', '#### A', ['heading-levels (cell 1, line 1)']],
  ])('%s is reported', (_title, text, rules) => {
    expect(rulesOf(composed([markdown(text)]).problems)).toEqual(rules);
  });
});

describe('claims', () => {
  const claim = (id: string, rest: Partial<LedgerClaim>): LedgerClaim => ({
    id,
    line: 4,
    note: [],
    paper: 'p',
    section: 'Section 4',
    claim: 'Error is *high*, {{m.error | percent 0}}.',
    kind: 'number',
    tier: 'core',
    ...rest,
  });
  const ledger: Ledger = {
    path: 'claims.yaml',
    version: 1,
    notebook: 'test',
    claims: [
      claim('ruled', {
        rules: [{ value: 'm.error', op: '>=', than: 0.4 }],
        says: '99 %',
        slip: 'a $b$',
      }),
      claim('opened', { open: 'No model yet.' }),
    ],
  };
  const given = { ledger, bibliography: BIBLIOGRAPHY };
  const cells = [
    code('1', [value('m.error', 0.5, { n: 600, seeds: 3 })]),
    code('22', [publish({ kind: 'claim', id: 'ruled', n: 500, reduced: 'one seed' })]),
  ];

  test('the verdict is computed from the rule', () => {
    const { claims, blocks, problems, references } = composed(cells, given);
    expect(claims[0]).toMatchObject({
      id: 'ruled',
      paper: { key: 'p', short: 'Solo 2014' },
      paperSays: '99 %',
      here: '0.500',
      verdict: 'holds',
      n: 500,
      seeds: 3,
      reduced: 'one seed',
      box: 'claim-ruled',
    });
    expect(claims[1]).toMatchObject({
      verdict: 'not tested here',
      open: 'No model yet.',
      checks: [],
    });
    expect(claims[1]).not.toHaveProperty('box');
    expect(blocks.map(({ kind }) => kind)).toEqual(['code', 'code', 'claim']);
    expect(references.map(({ key }) => key)).toEqual(['p']);
    expect(problems).toEqual([]);
  });

  test('a small run judges nothing', () => {
    const { claims } = composed(cells, { ...given, verdicts: false });
    expect(claims[0]).toMatchObject({ verdict: 'not tested here', checks: [] });
    expect(claims[0]).not.toHaveProperty('here');
  });

  test('the author puts the tables where they belong', () => {
    const text = markdown('a\n\n::: claims\n\nb\n\n::: references\n');
    const { blocks } = composed([...cells, text], given);
    expect(blocks.slice(3).map(({ kind }) => kind)).toEqual([
      'prose',
      'claims-table',
      'prose',
      'references',
    ]);
  });

  test.each([
    [
      'a claim outside the ledger',
      [cells[0], code('3', [publish({ kind: 'claim', id: 'rule' })])],
      ['claim-in-ledger (cell 2)'],
    ],
    ['a claim in two cells', [...cells, cells[1]], ['claim-published-once (cell 3)']],
    ['a rule that nothing measures', [code('1', [value('m.err', 1)])], ['claim-measured (line 4)']],
  ])('%s is reported', (_title, some, rules) => {
    const used = some.flatMap((cell) => cell ?? []);
    const found = rulesOf(composed(used, given).problems);
    expect(found.filter((rule) => !rule.startsWith('value-published'))).toEqual(rules);
  });
});

describe('numbers typed by hand', () => {
  const cells = [
    code('const eps = 0.25; net(784, 1_000);', [value('m.error', 0.9964), value('m.loss', 2.31)]),
  ];

  test.each([
    ['a measured share', 'The error is 99.6 %.'],
    ['a measured number, rounded', 'The loss is 2.3 nats.'],
    ['a setting', 'With ε = 0.25 on 784 pixels, 25 % of 1,000 images.'],
    ['small whole numbers', 'The 12 of 3 versus 7.'],
    ['years', 'Found in 2013.'],
    ['maths and code', 'At $x = 0.77$ and `y = 0.88`.'],
    ['a place in the paper', 'See section 4.2, page 37 and Table 15.'],
    ['names', 'The logreg-37 net, MNIST-100, PGD-40, 10⁵ and v1.55b.'],
    ['versions and dates', 'Node 20.19.0 of 2026-11-21.'],
    ['a confidence level', 'With a 95 % interval.'],
    ['a number with its source', 'The paper has 89.4 % [@p].'],
    ['values', 'It is {{m.error | percent 1}}.'],
  ])('%s may stand', (_title, text) => {
    expect(composed([...cells, markdown(text)], { bibliography: BIBLIOGRAPHY }).problems).toEqual(
      [],
    );
  });

  test.each([
    ['another share', 'a\nThe error is 99.5 %.', ['99.5 %']],
    ['a small share', 'Only 7 % err.', ['7 %']],
    ['a decimal', 'It falls to 0.88, to 31,000 or 1.5.', ['0.88', '31,000', '1.5']],
    ['the sentence after a source', 'As [@p] says. Here 89.4 % err.', ['89.4 %']],
    ['in emphasis and lists', '- a *b 0.77*', ['0.77']],
  ])('%s is a warning', (_title, text, numbers) => {
    const { problems } = composed([...cells, markdown(text)], { bibliography: BIBLIOGRAPHY });
    expect(problems.map(({ message }) => /“(.*)”/.exec(message)?.[1])).toEqual(numbers);
    expect(new Set(problems.map(({ rule, severity }) => `${rule} ${severity}`))).toEqual(
      new Set(['number-measured warning']),
    );
  });
});

test('footnotes are counted through the notebook', () => {
  const { blocks } = composed([
    markdown('a[^x]\n\n[^x]: A'),
    markdown('b[^y] c[^z]\n\n[^y]: B\n\n[^z]: C'),
  ]);
  const ids = JSON.stringify(blocks).match(/"footnote_(?:open|ref)"[^}]*?"id":\d/g);
  expect(ids?.map((text) => text.slice(-1))).toEqual(['0', '0', '1', '2', '1', '2']);
});

test('a Markdown cell tagged remove-cell is left out', () => {
  const cell = { ...markdown('a'), metadata: { tags: ['remove-cell'] } };
  expect(composed([cell]).blocks).toEqual([]);
});

test('a document is plain JSON and composing changes nothing', () => {
  const notebook = notebookOf([
    markdown('# T\n\n$$a$$ {#eq-a}\n\n@eq-a'),
    code('1', [value('a', 1)]),
  ]);
  const before = structuredClone(notebook);
  const first = compose(notebook, contextOf());
  expect(notebook).toEqual(before);
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  expect(compose(notebook, contextOf())).toEqual(first);
});
