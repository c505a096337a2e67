import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  gaussianTask,
  imagesToError,
  logisticRegression,
  startEngine,
} from '../../src/lab/index.js';

let cache: string;

beforeAll(async () => {
  await startEngine();
  cache = await mkdtemp(join(tmpdir(), 'effort-'));
  vi.stubEnv('MARGINALIA_CACHE', cache);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

it('is the first size that is enough, and null when none is', async () => {
  const task = gaussianTask(10, 2000, { seed: 1 });
  const options = { seed: 2, batchSize: 20, lr: 0.02 };
  const needed = (error: number) =>
    imagesToError(logisticRegression(10), task, options, { error, sizes: [20, 2000] });
  expect(await needed(1)).toBe(20);
  expect(await needed(0.05)).toBe(2000);
  expect(await needed(0)).toBe(null);
});
