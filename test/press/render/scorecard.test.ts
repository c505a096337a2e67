/** The scorecard of the cover: counts that lead to lists, and lists that lead to reports. */

import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/press/document/types.js';
import {
  renderScorecard,
  type ScoredClaim,
  type ScoredReport,
} from '../../../src/press/render/scorecard.js';

const claim = (
  id: string,
  tier: ScoredClaim['tier'],
  verdict: Verdict,
  rest: Partial<ScoredClaim> = {},
): ScoredClaim => ({ id, tier, verdict, claim: `It is ${id}.`, ...rest });
const report = (number: string, ...claims: ScoredClaim[]): ScoredReport => ({
  number,
  title: `Lesson <${number}>`,
  html: `0${number}-lesson.html`,
  claims,
});

const one = report(
  '1',
  claim('small', 'support', 'holds'),
  claim('linear', 'core', 'holds', { paperSays: '99.9 %', here: '99.6 %' }),
  claim('sure', 'core', 'differs', { paperSays: '79.3 %', here: '61.2 %' }),
);
const two = report(
  '2',
  claim('late', 'core', 'not tested here', { open: 'Needs time.' }),
  claim('x', 'core', 'holds'),
);
const html = renderScorecard([one, report('3'), two]);

/** Rows of a table as the texts of their cells. */
const rowsOf = (table = ''): string[][] =>
  [...table.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replace(/<[^>]*>/g, '').replaceAll('&nbsp;', ''),
    ),
  );

test('claims are counted by verdict, for each report and for all', () => {
  const [, ...rows] = rowsOf(/<table class="counts">.*?<\/table>/s.exec(html)?.[0]);
  expect(rows).toEqual([
    ['1 Lesson &lt;1&gt; 2 of 2 core claims measured', '2', '0', '1', '0'],
    ['2 Lesson &lt;2&gt; 1 of 2 core claims measured', '1', '0', '0', '1'],
    ['All notebooks', '3', '0', '1', '1'],
  ]);
});

test('core claims are counted apart from support claims', () => {
  expect(html).toContain('<li><b>3 of 4</b> core claims measured: 2 hold, 1 differs</li>');
  expect(html).toContain('<li><b>1 of 1</b> support claims measured: 1 holds</li>');
});

test('a list names each claim, what the paper says and what was measured, core claims first', () => {
  const lists = [...html.matchAll(/<table class="claims" id="([^"]*)">.*?<\/table>/gs)];
  expect(lists.map(([, id]) => id)).toEqual(['holds-1', 'holds-2', 'differs-1', 'open-2']);
  expect(rowsOf(lists[0]?.[0])).toEqual([
    ['Claim', 'Paper', 'Here'],
    ['Core claims'],
    ['It is linear.', '99.9\u202f%', '99.6\u202f%'],
    ['Support claims'],
    ['It is small.', '–', '–'],
  ]);
  expect(rowsOf(lists[3]?.[0])).toEqual([
    ['Claim', 'Paper', 'Why'],
    ['Core claims'],
    ['It is late.', '–', 'Needs time.'],
  ]);
});

test('each count leads to a list, and each claim to its place in its report', () => {
  const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => href);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id}`);
  const inside = links.filter((href) => href.startsWith('#'));
  expect(inside.map((href) => href.slice(1))).toEqual([
    ...['holds-1', 'differs-1'],
    ...['holds-2', 'open-2'],
    ...['holds-all', 'differs-all', 'open-all'],
  ]);
  expect(inside.filter((href) => !ids.includes(href))).toEqual([]);
  expect(links.filter((href) => !href.startsWith('#'))).toEqual([
    '01-lesson.html#claim-linear',
    '01-lesson.html#claim-small',
    '02-lesson.html#claim-x',
    '01-lesson.html#claim-sure',
    '02-lesson.html#claim-late',
  ]);
});

test('one report alone has no line for all; without claims there is no scorecard', () => {
  expect(renderScorecard([one])).not.toContain('All notebooks');
  expect(renderScorecard([report('1')])).toBe('');
});
