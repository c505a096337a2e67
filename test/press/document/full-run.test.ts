/** What the full run measured, beside what this run measures. */

import { describe, expect, test } from 'vitest';
import type {
  Document,
  FullValues,
  Ledger,
  LedgerClaim,
} from '../../../src/press/document/types.js';
import { code, composed, markdown, rulesOf, value } from './notebooks.js';

const CLAIM: LedgerClaim = {
  id: 'better',
  line: 4,
  note: [],
  paper: 'solo2015',
  section: '1',
  claim: 'It is better.',
  kind: 'number',
  tier: 'core',
  rules: [{ value: 'm.after', op: '<=', than: 'm.before', as: 'percent 1' }],
};
const MEASURED = '{{m.after | percent 0}} after {{m.before | percent 0}}';
const bibliography = '@misc{solo2015, author={Solo, A.}, title={T}, year=2015}';

function ledgerOf(claim: Partial<LedgerClaim> = {}): Ledger {
  return { path: 'x.yaml', version: 1, notebook: 'x', claims: [{ ...CLAIM, ...claim }] };
}

const BOTH = [value('m.after', 0.2), value('m.before', 0.4)];
const FULL: FullValues = {
  'm.after': { value: 0.512, n: 10_000, seeds: 3, interval: [0.5, 0.52] },
  'm.before': { value: 0.3 },
};
/** The full run finds the opposite. */
const OPPOSITE = {
  verdict: 'differs',
  here: '51.2 % [50.0 %, 52.0 %]',
  n: 10_000,
  seeds: 3,
  checks: [{ text: '51.2 % > 30.0 %', holds: false }],
};

function composedWith(full: FullValues | null, given: object = {}, outputs = BOTH): Document {
  const ledger = ledgerOf();
  return composed([code('1', outputs)], { ledger, bibliography, full, ...given });
}

/** The claim, with plain spaces. */
const claimOf = ({ claims: [claim] }: Document) =>
  JSON.parse(JSON.stringify(claim).replaceAll('\u202f', ' '));

describe('a claim', () => {
  test('has no second verdict without a full run', () => {
    expect(claimOf(composedWith(null))).not.toHaveProperty('full');
  });

  test('is judged by the same rule with the values of the full run, and keeps its own verdict', () => {
    const { verdict, here, full } = claimOf(composedWith(FULL));
    expect({ verdict, here }).toEqual({ verdict: 'holds', here: '20.0 %' });
    expect(full).toMatchObject(OPPOSITE);
  });

  test.each([
    ['a value is missing', {}, [value('m.after', 0.2)]],
    ['the run is too small to judge', { verdicts: false }, BOTH],
  ])('takes the verdict of the full run where %s', (_, given, outputs) => {
    const document = composedWith(FULL, given, outputs);
    const claim = claimOf(document);
    expect(claim).toMatchObject({ verdict: 'differs', checks: [], full: OPPOSITE });
    expect(claim).not.toHaveProperty('here');
    expect(claim).not.toHaveProperty('open');
    expect(rulesOf(document.problems)).not.toContain('claim-measured (line 4)');
  });

  test('is never judged by values of two runs', () => {
    const half: FullValues = { 'm.after': { value: 0.9 } };
    expect(claimOf(composedWith(half))).not.toHaveProperty('full');
    expect(claimOf(composedWith(half, {}, [value('m.before', 0.4)]))).toMatchObject({
      verdict: 'not tested here',
      open: 'No cell published m.after.',
    });
  });

  test('stays open without rules', () => {
    const { rules: _, ...open } = CLAIM;
    const ledger = { ...ledgerOf(), claims: [{ ...open, open: 'Needs a model.' }] };
    const claim = claimOf(composedWith(FULL, { ledger }));
    expect(claim).toMatchObject({ verdict: 'not tested here', open: 'Needs a model.' });
    expect(claim).not.toHaveProperty('full');
  });

  test('tells the full run in the words of the ledger', () => {
    const ledger = ledgerOf({ measured: MEASURED });
    const { here, full } = claimOf(composedWith(FULL, { ledger }));
    expect([here, full.here]).toEqual(['20 % after 40 %', '51 % after 30 %']);
  });

  test('is told bare where the words quote what only this run measured', () => {
    const ledger = ledgerOf({ measured: `${MEASURED}, {{m.other}}` });
    const document = composedWith(FULL, { ledger }, [...BOTH, value('m.other', 7)]);
    const { here, full } = claimOf(document);
    expect([here, full.here]).toEqual(['20 % after 40 %, 7', OPPOSITE.here]);
    expect(document.problems).toEqual([]);
  });
});

test('a value carries the number of the full run, printed by its own filter', () => {
  const text = 'It is {{m.after | percent 1}} and {{m.only}}.';
  const cells = [code('1', [...BOTH, value('m.only', 3)]), markdown(text)];
  const { blocks } = composed(cells, { full: FULL });
  const marks = JSON.stringify(blocks).match(/"meta":\{"name"[^}]*\}/g) ?? [];
  expect(marks.map((mark) => JSON.parse(`{${mark}}`).meta)).toEqual([
    { name: 'm.after', value: 0.2, full: '51.2\u202f%', cell: 'cell-cell1' },
    { name: 'm.only', value: 3, cell: 'cell-cell1' },
  ]);
});
