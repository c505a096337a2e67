/** What the kernel of this book never sends, and others do. */

import { expect, test } from 'vitest';
import { collector } from '../../../src/press/kernel/collector.js';

const message = (type: string, content: object) => ({
  id: '',
  parent: '',
  type,
  content: { ...content },
});
const text = (text: string) => message('stream', { name: 'stdout', text });

test.each([
  [false, []],
  [true, ['one']],
])('clearing, waiting for the next output: %s', (wait, meanwhile) => {
  const collected = collector(new Map(), () => undefined);
  const texts = () => collected.outputs().map((output) => 'text' in output && output.text);
  collected.add(text('one'));
  collected.add(message('clear_output', { wait }));
  expect(texts()).toEqual(meanwhile);
  collected.add(text('two'));
  expect(texts()).toEqual(['two']);
});

test.each([[undefined], [null]])('a display with %s in place of metadata', (metadata) => {
  const collected = collector(new Map(), () => undefined);
  const data = { 'text/plain': 'a' };
  collected.add(message('display_data', { data, metadata, transient: null }));
  expect(collected.outputs()).toEqual([{ output_type: 'display_data', data, metadata: {} }]);
});

test('what was cleared takes no room from what follows', () => {
  const collected = collector(new Map(), () => undefined);
  const long = 'a'.repeat(6_000_000);
  collected.add(text(long));
  collected.add(message('clear_output', {}));
  collected.add(text(long));
  expect(collected.outputs()).toEqual([{ output_type: 'stream', name: 'stdout', text: long }]);
});
