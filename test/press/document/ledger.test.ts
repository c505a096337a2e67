import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { parseLedger } from '../../../src/press/document/claims.js';

const HEAD = 'version: 1\nnotebook: 01\nclaims:\n'.replace('01', "'01'");
const claim = (rest: string, id = 'a-b'): string =>
  `- id: ${id}\n  note: [{file: '000', lines: '1-2'}]\n  paper: p\n  section: s\n  claim: c\n` +
  `  kind: number\n  tier: core\n  ${rest}\n`;
const rule = (text: string): string => claim(`rules: [{${text}}]`);

describe('a ledger reads', () => {
  test.each([
    ['a claim with a rule', rule('value: v, op: ">=", than: 0.9, as: percent 1')],
    ['a comparison of two values', rule('value: v, op: "<=", than: other.value')],
    ['a tolerance', rule('value: v, op: within, than: 1, tolerance: 0.1')],
    ['an open claim', claim('open: no model yet')],
    [
      'a history',
      claim(
        'rules: [{value: v, op: "<=", than: 1}]\n  history: [{date: "2026-11-20", rules: [{value: v, op: "<=", than: 2}], reason: r}]',
      ),
    ],
  ])('%s', (_title, text) => {
    const ledger = parseLedger(HEAD + text, 'claims.yaml');
    expect(ledger).toMatchObject({ path: 'claims.yaml', version: 1, notebook: '01' });
    expect(ledger.claims[0]).toMatchObject({ id: 'a-b', line: 4, tier: 'core' });
  });
});

describe('a ledger is refused', () => {
  test.each([
    ['broken YAML', 'claims: [', 1, /expected YAML/],
    ['another version', 'version: 2\nnotebook: a\nclaims: []', 1, /version/],
    [
      'neither rule nor reason',
      HEAD + claim('says: x'),
      4,
      /claim a-b: expected rules.*got neither/,
    ],
    [
      'rule and reason',
      HEAD + claim('open: x\n  rules: [{value: v, op: "<=", than: 1}]'),
      4,
      /got both/,
    ],
    ['within without tolerance', HEAD + rule('value: v, op: within, than: 1'), 11, /tolerance/],
    [
      'a tolerance elsewhere',
      HEAD + rule('value: v, op: "<=", than: 1, tolerance: 1'),
      11,
      /tolerance/,
    ],
    ['an unknown comparison', HEAD + rule('value: v, op: "=", than: 1'), 11, /rules\.0\.op/],
    ['an unknown filter', HEAD + rule('value: v, op: "<=", than: 1, as: percents'), 11, /filter/],
    ['an id twice', HEAD + claim('open: x') + claim('open: y'), 12, /“a-b” a second time/],
    ['a misspelt field', HEAD + claim('opne: x'), 4, /opne/],
    [
      'a history without reason',
      HEAD + claim('open: x\n  history: [{date: "2026-11-20", rules: []}]'),
      12,
      /reason/,
    ],
  ])('%s', (_title, text, line, message) => {
    let caught: unknown;
    try {
      parseLedger(text, 'claims.yaml');
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(UserError);
    const { where, message: got } = caught as UserError;
    expect(got).toMatch(message);
    expect(where).toEqual({ file: 'claims.yaml', line });
  });
});
