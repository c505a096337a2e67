/** Exercises and solutions are cells with these tags. */

import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/press/document/types.js';
import type { Cell } from '../../../src/press/notebook/types.js';
import { code, composed, figure, figureOptions, markdown, rulesOf } from './notebooks.js';

const tagged = (cell: Cell, tag: string): Cell => ({ ...cell, metadata: { tags: [tag] } });
const exercise = (text: string) => tagged(markdown(text), 'exercise');
const solution = (text: string) => tagged(markdown(text), 'solution');

/** `exercise(prose) solution(prose code)` */
const shape = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => ('blocks' in block ? `${block.kind}(${shape(block.blocks)})` : block.kind))
    .join(' ');
const shapeOf = (...cells: Cell[]): string => shape(composed(cells).blocks);

describe('cells tagged exercise and solution', () => {
  test('are set apart from the text', () => {
    expect(shapeOf(markdown('a'), exercise('b'), solution('c'), markdown('d'))).toBe(
      'prose exercise(prose) solution(prose) prose',
    );
  });

  test('give one fold to solutions that follow one another, code with its outputs among them', () => {
    const print = { output_type: 'stream', name: 'stdout', text: '1' } as const;
    const cells = [
      exercise('a'),
      solution('b'),
      code('1', [print], ['solution']),
      code('2', [], ['remove-cell']),
      solution('c'),
      exercise('d'),
      exercise('e'),
    ];
    expect(shapeOf(...cells)).toBe(
      'exercise(prose) solution(prose code stream prose) exercise(prose) exercise(prose)',
    );
  });

  test('count their figures with those of the text', () => {
    const cells = [
      exercise('See @fig-b.'),
      code(figureOptions('fig-a'), [figure()], ['solution']),
      code(figureOptions('fig-b'), [figure()]),
    ];
    const { blocks, problems } = composed(cells);
    expect(shape(blocks)).toBe('exercise(prose) solution(code figure) code figure');
    expect(blocks.at(-1)).toMatchObject({ id: 'fig-b', number: '2' });
    expect(problems).toEqual([]);
  });

  test('print their code, which their fold hides already', () => {
    const { blocks } = composed([exercise('a'), code('1', [], ['solution'])]);
    expect(blocks[1]).toMatchObject({ blocks: [{ kind: 'code', fold: 'none' }] });
  });
});

test.each<[string, Cell[], string[]]>([
  ['after text', [markdown('a'), solution('b')], ['solution-after-exercise (cell 2)']],
  ['at the start', [solution('b'), solution('c')], ['solution-after-exercise (cell 1)']],
  ['after a solution', [exercise('a'), solution('b'), solution('c')], []],
  [
    'after a cell that the page lacks',
    [exercise('a'), code('1', [], ['remove-cell']), solution('b')],
    [],
  ],
])('a solution %s', (_, cells, rules) => {
  expect(rulesOf(composed(cells).problems)).toEqual(rules);
});
