/** References, values and citations: what stands in the page, and what is reported. */
import { describe, expect, test } from 'vitest';
import type { ComposeContext } from '../../../src/press/document/types.js';
import type { Cell } from '../../../src/press/notebook/types.js';
import {
  code,
  composed,
  figure,
  figureOptions,
  markdown,
  rulesOf,
  show,
  value,
} from './notebooks.js';

/** The words of the last cell, and the problems of all. */
function lastText(cells: readonly Cell[], given: Partial<ComposeContext> = {}) {
  const document = composed(cells, given);
  const prose = document.blocks.filter((block) => block.kind === 'prose').at(-1);
  const shown = show(prose?.tokens ?? []).replace(/^<p>|<\/p>$/g, '');
  return { shown, rules: rulesOf(document.problems), problems: document.problems };
}

const LABELS: Cell[] = [
  markdown(
    '# Title\n\n## One {#sec-one}\n\n### Part {#sec-part}\n\n## Loose {#sec-loose -}\n\n## Two\n\n### Other',
  ),
  markdown('$$a$$ {#eq-a}\n\n$$b$$\n\n$$c$$ {#eq-c}'),
  code(figureOptions('fig-a'), [figure()]),
  code(figureOptions('fig-b'), [figure()]),
];

describe('references', () => {
  test.each([
    ['a figure', '@fig-b', '<reference Figure\u00a02 {"target":"fig-b"}>'],
    ['a number only', '[-@fig-b]', '<reference 2 {"target":"fig-b"}>'],
    [
      'an equation; those without label do not count',
      '@eq-c',
      '<reference Equation\u00a02 {"target":"eq-c"}>',
    ],
    ['a section', '@sec-part', '<reference Section\u00a01.1 {"target":"sec-part"}>'],
    ['a heading without number', '@sec-loose', '<reference “Loose” {"target":"sec-loose"}>'],
  ])('%s', (_title, text, shown) => {
    expect(lastText([...LABELS, markdown(text)])).toMatchObject({ shown, rules: [] });
  });

  test('an unknown label is named with cell, line and near matches', () => {
    const { shown, problems } = lastText([...LABELS, markdown('a\nb @fig-c')]);
    expect(shown).toBe('a<softbreak>b @fig-c');
    expect(problems).toEqual([
      {
        rule: 'reference-exists',
        severity: 'error',
        where: { file: 'test.ipynb', cell: 5, line: 2 },
        message: 'expected a label of this notebook, got “fig-c”',
        hint: 'Did you mean “fig-a” or “fig-b”?',
      },
    ]);
  });

  test.each([
    ['of figures', [code(figureOptions('fig-a'), [figure()])], 'label-unique (cell 5)'],
    ['of equations', [markdown('\n$$d$$ {#eq-a}')], 'label-unique (cell 5, line 2)'],
    ['of headings', [markdown('## X {#sec-one}')], 'label-unique (cell 5, line 1)'],
  ])('a label twice, %s', (_title, cells, rule) => {
    expect(rulesOf(composed([...LABELS, ...cells]).problems)).toEqual([rule]);
  });

  test('no heading takes an id that the page gives itself', () => {
    const cells = [markdown('## Note 1\n\n## Text\n\n## Texts\n\n## Plot 2')];
    const headings = composed(cells).blocks.filter((block) => block.kind === 'heading');
    const ids = headings.map(({ id }) => id);
    expect(ids).toEqual(['section-note-1', 'section-text', 'texts', 'section-plot-2']);
  });

  test('headings are numbered, the title is not one of them', () => {
    const headings = composed(LABELS).blocks.filter((block) => block.kind === 'heading');
    expect(headings.map(({ number, id, level }) => `${level} ${number} ${id}`)).toEqual([
      '2 1 sec-one',
      '3 1.1 sec-part',
      '2  sec-loose',
      '2 2 two',
      '3 2.1 other',
    ]);
  });
});

describe('values', () => {
  const published = code('1', [value('m.error', 0.996, { n: 100, interval: [0.9, 1] })]);
  test('a value is filled in, with where it comes from', () => {
    const { shown, rules } = lastText([published, markdown('{{m.error | percent 1}} err')]);
    expect(shown.replace('\u202f', ' ')).toBe(
      '<value 99.6 % {"name":"m.error","value":0.996,"interval":[0.9,1],"n":100,"cell":"cell-cell1"}> err',
    );
    expect(rules).toEqual([]);
  });

  test('in captions and alternative texts too', () => {
    const cells = [
      published,
      code(figureOptions('fig-a', 'At {{m.error}}', 'is {{m.error}}'), [figure()]),
    ];
    const { blocks, problems } = composed(cells);
    const block = blocks.find(({ kind }) => kind === 'figure');
    expect(block).toMatchObject({
      alt: 'is 0.996',
      caption: [{ content: 'At ' }, { type: 'value' }],
    });
    expect(problems).toEqual([]);
  });

  test.each([
    [
      'nobody published',
      'a\n{{m.eror}}',
      'a<softbreak>{{m.eror}}',
      'value-published (cell 2, line 2)',
    ],
    [
      'with an unknown filter',
      '{{m.error | percents}}',
      '{{m.error | percents}}',
      'value-filter (cell 2, line 1)',
    ],
  ])('a value %s', (_title, text, shown, rule) => {
    expect(lastText([published, markdown(text)])).toMatchObject({ shown, rules: [rule] });
  });

  test('a near match is the hint', () => {
    const { problems } = lastText([published, markdown('{{m.eror}}')]);
    expect(problems[0]?.hint).toBe('Did you mean “m.error”?');
  });

  test('a name keeps its value', () => {
    const twice = (number: number) => composed([published, code('2', [value('m.error', number)])]);
    expect(twice(0.996).problems).toEqual([]);
    expect(rulesOf(twice(0.9).problems)).toEqual(['value-published-once (cell 2)']);
  });

  test('a value of a hidden cell leads to the figure, or nowhere', () => {
    const hidden = code('//| echo: false\n//| label: fig-a\n//| fig-cap: c\n//| fig-alt: a\n1', [
      value('m.error', 1),
      figure(),
    ]);
    const silent = code('//| include: false\n1', [value('m.error', 1)]);
    expect(lastText([hidden, markdown('{{m.error}}')]).shown).toContain('"cell":"fig-a"');
    expect(lastText([silent, markdown('{{m.error}}')]).shown).toContain('"cell":""');
  });
});

const BIBLIOGRAPHY = `
@article{one, title={Sole}, author={Solo, Ann}, journal={Journal}, year={2014}, doi={10.1/2}}
@inproceedings{two, title={A {MNIST} Pair}, author={Carlini, Nicholas and Wagner, David}, booktitle={Proc.}, year={2017}}
@misc{many, title={Many}, author={A, B. and C, D. and E, F.}, year={2016}, url={https://example.org/many}}
@misc{more, title={More}, author={A, B. and X, Y. and Z, W.}, year={2016}}
@misc{bad, title={<script>x</script>}, author={Mallory, M.}, year={2020}, url={javascript:alert(1)}}
@misc{worse, title={Quote}, author={Mallory, N.}, year={2021}, doi={10.1/a" onclick="x}}
@misc{unread, title={Unread}, author={Nobody, N.}, year={2000}}`;

describe('citations', () => {
  test.each([
    ['one author', '[@one]', '(Solo, 2014)'],
    ['two authors', '[@two, sec. 4]', '(Carlini and Wagner, 2017, sec. 4)'],
    ['three authors', '[see @many]', '(see A et al., 2016)'],
    ['several works', '[@one; @two]', '(Solo, 2014; Carlini and Wagner, 2017)'],
    ['the year only', '[-@one]', '(2014)'],
    ['in the sentence', '@two', 'Carlini and Wagner (2017)'],
    ['works that would read alike', '[@many; @more]', '(A et al., 2016a; A et al., 2016b)'],
  ])('%s', (_title, text, shown) => {
    const last = lastText([markdown(text)], { bibliography: BIBLIOGRAPHY });
    expect(last.shown).toContain(`<citation ${shown} `);
    expect(last.rules).toEqual([]);
  });

  test('only cited works are listed, in order, with safe links', () => {
    const cells = [markdown('@two @one @many @more [@bad; @worse]')];
    const { references } = composed(cells, { bibliography: BIBLIOGRAPHY });
    expect(references.map(({ id, short, html }) => [id, short, html])).toMatchInlineSnapshot(`
      [
        [
          "ref-many",
          "A et al. 2016a",
          "A, B., C, D., &#38; E, F. (2016a). Many. <a href="https://example.org/many">https://example.org/many</a>",
        ],
        [
          "ref-more",
          "A et al. 2016b",
          "A, B., X, Y., &#38; Z, W. (2016b). More.",
        ],
        [
          "ref-two",
          "Carlini and Wagner 2017",
          "Carlini, N., &#38; Wagner, D. (2017). A MNIST Pair. <i>Proc.</i>",
        ],
        [
          "ref-bad",
          "Mallory 2020",
          "Mallory, M. (2020). &#60;script&#62;x&#60;/script&#62;.",
        ],
        [
          "ref-worse",
          "Mallory 2021",
          "Mallory, N. (2021). Quote.",
        ],
        [
          "ref-one",
          "Solo 2014",
          "Solo, A. (2014). Sole. <i>Journal</i>. <a href="https://doi.org/10.1/2">https://doi.org/10.1/2</a>",
        ],
      ]
    `);
  });

  test('an unknown key is named with near matches', () => {
    const { shown, problems } = lastText([markdown('a [@tow]')], { bibliography: BIBLIOGRAPHY });
    expect(shown).toBe('a [@tow]');
    expect(problems[0]).toMatchObject({
      rule: 'citation-exists',
      severity: 'error',
      where: { cell: 1, line: 1 },
    });
    const { problems: near } = lastText([markdown('@two @manny')], { bibliography: BIBLIOGRAPHY });
    expect(near[0]?.hint).toBe('Did you mean “many”?');
  });

  test('an address in place of the bibliography is refused, not fetched', () => {
    const bibliography = 'https://example.org/references.bib';
    expect(() => lastText([markdown('@one')], { bibliography })).not.toThrow();
    expect(lastText([markdown('@one')], { bibliography }).rules).toEqual([
      'citation-exists (cell 1, line 1)',
    ]);
  });

  test('a bibliography that cannot be read is an error of the file', () => {
    const bibliography = '@misc{one, title={A';
    expect(() => lastText([markdown('@one')], { bibliography })).toThrow(/expected BibTeX/);
  });
});
