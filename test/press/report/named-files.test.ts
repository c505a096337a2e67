/** Which files count as named by code. */

import { chmodSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedFiles } from '../../../src/press/report/named-files.js';
import { type Desk, makeDesk } from './desk.js';

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
  mkdirSync(desk.path('notebooks/deep'));
  mkdirSync(desk.path('notebooks/lib'));
  desk.put('notebooks/helper.ts', "import { b } from './deep/inner.js'; // don't\nexport { b };");
  desk.put('notebooks/deep/inner.ts', 'export * from "../helper"; const file = "inner.csv";');
  desk.put('notebooks/deep/far.csv', 'far');
  desk.put('notebooks/inner.csv', '1,2');
  desk.put('notebooks/plain.cjs', '');
  desk.put('notebooks/lib/index.mts', '');
  desk.put('notebooks/data.csv', 'it names "plain.cjs", and is no code');
  desk.put('outside.json', '{}');
});
afterAll(() => desk.clear());

const names = async (code: string) =>
  Object.keys(await namedFiles(code, desk.path('notebooks'))).sort();
const HELPERS = ['deep/inner.ts', 'helper.ts', 'inner.csv'];

test.each([
  ['import { a } from "marginalia";', []],
  ["import { b } from './helper';", HELPERS],
  ["/* don't */ import { b } from './helper.js';", HELPERS],
  ['await import(`./helper.js`)', HELPERS],
  ["require('./plain')", ['plain.cjs']],
  ["import './lib';", ['lib/index.mts']],
  ["require('../outside.json')", ['../outside.json']],
  ['readFileSync("data.csv")', ['data.csv']],
  ['{"dataFile":"deep/far.csv"}', ['deep/far.csv']],
  ['the names data.csv and ./helper stand in no quotes', []],
  ["open('.'); open('..'); open('deep'); open('nothing.csv'); open('\\0')", []],
])('%s', async (code, expected) => {
  expect(await names(code)).toEqual(expected);
});

test('the hash is that of the content', async () => {
  const before = await namedFiles('"data.csv"', desk.path('notebooks'));
  desk.put('notebooks/data.csv', 'other');
  const after = await namedFiles('"data.csv"', desk.path('notebooks'));
  expect(after['data.csv']).toMatch(/^[0-9a-f]{64}$/);
  expect(after).not.toEqual(before);
});

test.skipIf(process.getuid?.() === 0)('what cannot be read is no file (needs a user)', async () => {
  desk.put('notebooks/secret.csv', '');
  chmodSync(desk.path('notebooks/secret.csv'), 0);
  expect(await names('"secret.csv"')).toEqual([]);
});
