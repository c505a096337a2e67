/** Jupyter messages as frames. */

import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { decode, encode } from '../../../src/press/kernel/wire.js';

const bytes = (frames: readonly string[]) => frames.map((frame) => Buffer.from(frame));
const { id, frames } = encode('key', 'session', 'execute_request', { code: 'a → b' });

test('a request comes back, also behind routing frames', () => {
  const message = { id, type: 'execute_request', parent: '', content: { code: 'a → b' } };
  expect(decode('key', bytes(frames))).toEqual(message);
  expect(decode('key', [Buffer.from([0, 255]), ...bytes(frames)])).toEqual(message);
});

test('the signature is HMAC-SHA256 over the four parts', () => {
  const hmac = createHmac('sha256', 'key').update(frames.slice(2).join(''));
  expect(frames[1]).toBe(hmac.digest('hex'));
});

test.each([
  ['another key', 'other', frames],
  ['a changed content', 'key', frames.with(5, '{"code":"c"}')],
  ['no signature', 'key', frames.with(1, '')],
  ['a missing frame', 'key', frames.slice(0, 5)],
  ['no delimiter', 'key', frames.slice(1)],
  ['nothing', 'key', []],
])('%s is refused', (_, key, given) => {
  expect(decode(key, bytes(given))).toBeNull();
});
