import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { startEngine } from '../../src/lab/index.js';

const PACKAGE = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json');
const BINDING = join(dirname(PACKAGE), 'lib', 'napi-v8', 'tfjs_binding.node');

it.skipIf(!existsSync(BINDING))('the native engine (needs tfjs_binding.node)', async () => {
  process.env.MARGINALIA_ENGINE = 'native';
  const printed = ['log', 'warn', 'error', 'info'].map((name) => vi.spyOn(console, name as 'log'));
  delete process.env.TF_NUM_INTRAOP_THREADS;
  await expect(startEngine({ processes: 0 })).rejects.toThrow('number of processes, from 1, got 0');
  const engine = await startEngine({ processes: 1000 });
  expect(engine.kind).toBe('native');
  expect(engine.version).toMatch(/^2\.\d+\.\d+$/);
  expect(engine.threads).toBe(1); // the least
  const slope = tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3]));
  expect((await slope.data())[0]).toBe(6);
  for (const print of printed) expect(print).not.toHaveBeenCalled();
});
