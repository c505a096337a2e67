import { describe, expect, it } from 'vitest';
import type { ClaimView, FullVerdict } from '../../../src/press/document/types.js';
import { renderClaim, renderClaimsTable } from '../../../src/press/render/claim.js';
import type { TokenContext } from '../../../src/press/render/tokens.js';
import { valueNote } from '../../../src/press/render/value-note.js';
import { text } from './sample-document.js';

const context: TokenContext = {
  target: 'print',
  anchors: new Set(),
  references: new Map(),
  math: (tex) => tex,
  highlight: (source) => source,
  notes: new Map(),
};

const check = (measured: string, holds: boolean) => ({
  name: 'm.error',
  measured: 0.2,
  op: '<=' as const,
  than: 0.3,
  holds,
  text: `${measured} ${holds ? '≤' : '>'} 30 %`,
});

const claim: ClaimView = {
  id: 'better',
  claim: [text('It is better.')],
  tier: 'core',
  paper: { key: 'solo2015', short: 'Solo 2015' },
  section: '',
  here: '20 %',
  verdict: 'holds',
  checks: [check('20 %', true)],
};
const same: FullVerdict = {
  verdict: 'holds',
  here: '25 %',
  checks: [check('25 %', true)],
  n: 500,
  seeds: 3,
};
const other: FullVerdict = {
  ...same,
  verdict: 'differs',
  here: '51 %',
  checks: [check('51 %', false)],
};
const { here: _, ...withoutHere } = claim;
const only: ClaimView = { ...withoutHere, verdict: 'differs', checks: [], full: other };

/** What a reader sees, one line a paragraph or row; signs of verdicts are left out. */
function read(html: string): string[] {
  return html
    .replace(/<\/(p|div|tr|thead)>/g, '\n')
    .replace(/<\/(td|th|dt|span)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&gt;/g, '>')
    .replace(/&nbsp;|[\u00a0\u202f]/g, ' ')
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line !== '');
}

const box = (given: ClaimView) => read(renderClaim(given, context));
const row = (given: ClaimView) => read(renderClaimsTable([given], context)).slice(1);

describe('without a full run', () => {
  it('the box tells this run', () => {
    expect(box(claim)).toEqual([
      'Solo 2015 holds',
      'It is better.',
      'here 20 %',
      'Rule: m.error: 20 % ≤ 30 % (met)',
    ]);
  });
  it('the table has one line', () => {
    expect(row(claim)).toEqual(['It is better. Solo 2015 – 20 % holds']);
  });
});

describe('beside a full run of the same verdict', () => {
  it('the box has one line more', () => {
    expect(box({ ...claim, full: same })).toEqual([
      'Solo 2015 holds',
      'It is better.',
      'here 20 %',
      'full run 25 % n = 500, 3 seeds – holds',
      'Rule: m.error: 20 % ≤ 30 % (met)',
    ]);
  });
  it('the table tells it under the value', () => {
    expect(row({ ...claim, full: same })).toEqual([
      'It is better. Solo 2015 – 20 % full run: 25 % – holds holds',
    ]);
  });
});

describe('beside a full run of another verdict', () => {
  it('the box shows both, each with its numbers', () => {
    expect(box({ ...claim, full: other })).toEqual([
      'Solo 2015 here: holds · full run: differs',
      'It is better.',
      'here 20 %',
      'full run 51 % n = 500, 3 seeds – differs',
      'Rule: m.error: 20 % ≤ 30 % (met)',
      'Rule, full run: m.error: 51 % > 30 % (not met)',
    ]);
  });
  it('the table shows both', () => {
    expect(row({ ...claim, full: other })).toEqual([
      'It is better. Solo 2015 – 20 % full run: 51 % – differs holds',
    ]);
  });
});

describe('measured in the full run only', () => {
  it('the box says so', () => {
    expect(box(only)).toEqual([
      'Solo 2015 differs',
      'It is better.',
      'full run 51 % n = 500, 3 seeds – differs',
      'Measured in the full run only.',
      'Rule, full run: m.error: 51 % > 30 % (not met)',
    ]);
  });
  it('the table says so', () => {
    expect(row(only)).toEqual([
      'It is better. Solo 2015 Measured in the full run only. – full run: 51 % – differs differs',
    ]);
  });
});

it('the note of a value names the full run', () => {
  const mark = { name: 'm.error', value: 0.2, n: 500, full: '25.0 %', cell: 'cell-a' };
  expect(valueNote(mark)).toBe('m.error = 0.2000; n = 500; full run: 25.0 %; measured in cell a');
});
