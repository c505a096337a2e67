import { chmodSync, writeFileSync } from 'node:fs';
import cacache from 'cacache';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageCache } from '../../../src/press/report/page-cache.js';
import { type Desk, makeDesk } from './desk.js';

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
});
afterAll(() => desk.clear());

test('a damaged piece of a page counts as missing, and is replaced by the same piece', async () => {
  const cache = pageCache(desk.path('cache'), 'press');
  await cache.put('key', 'a drawn figure');
  expect(await cache.get('key')).toBe('a drawn figure');
  const path = (await cacache.get.info(desk.path('cache/pages'), 'press/key'))?.path ?? '';
  chmodSync(path, 0o600);
  writeFileSync(path, 'a drawn finger');
  expect(await cache.get('key')).toBeUndefined();
  await cache.put('key', 'a drawn figure');
  expect(await cache.get('key')).toBe('a drawn figure');
});

test('pieces of another state of the press are not found', async () => {
  await pageCache(desk.path('cache'), 'old').put('other', 'text');
  expect(await pageCache(desk.path('cache'), 'new').get('other')).toBeUndefined();
});
