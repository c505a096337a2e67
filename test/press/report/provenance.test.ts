import { expect, test } from 'vitest';
import { colophonOf, type Run } from '../../../src/press/report/provenance.js';

const run: Run = {
  date: '2026-11-21T10:00:00.000Z',
  seconds: 61.4,
  profile: 'quick',
  parameters: {},
  node: '20.20.2',
  kernel: 'tslab 1.0.22',
  version: '0.1.0',
  machine: 'two cores',
};

test.each([
  ['with the memory it held', { peakMemory: 412_300_000 }, ', 412 MB of memory at most'],
  ['alone where the system does not tell', {}, ''],
])('the colophon names the kernel %s', (_, memory, told) => {
  const entry = colophonOf({ ...run, ...memory }).find(({ name }) => name === 'Kernel');
  expect(entry?.text).toBe(`tslab 1.0.22 on Node 20.20.2${told}`);
});
