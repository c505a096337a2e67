import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { startEngine } from '../../src/lab/index.js';

it('takes half of the cores, and one thread at least', async () => {
  delete process.env.TF_NUM_INTRAOP_THREADS;
  const { kind, threads } = await startEngine();
  const half = Math.max(1, Math.floor(availableParallelism() / 2));
  expect(threads).toBe(kind === 'native' ? half : 1);
});
