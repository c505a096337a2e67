/** An engine starts once in a process, so each of these files starts its own. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { currentEngine, startEngine } from '../../src/lab/index.js';
import { type Bundle, redirectTo } from '../../src/lab/publish.js';

it('the plain JavaScript engine', async () => {
  expect(() => currentEngine()).toThrow(/expected a running engine, got none/);

  process.env.MARGINALIA_ENGINE = 'gpu';
  await expect(startEngine()).rejects.toThrow(/MARGINALIA_ENGINE to be native or cpu, got "gpu"/);

  process.env.MARGINALIA_ENGINE = 'cpu';
  const sent: Bundle[] = [];
  const restore = redirectTo((bundle) => sent.push(bundle));
  const printed = ['log', 'warn', 'error', 'info'].map((name) => vi.spyOn(console, name as 'log'));
  const engine = await startEngine();
  expect(engine).toMatchObject({ kind: 'cpu', version: '4.22.0', threads: 1 });
  expect(await startEngine()).toBe(engine);
  expect(currentEngine()).toBe(engine);

  // TensorFlow.js greets at the first operation and has gradients only when they are loaded.
  const slope = tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3]));
  expect((await slope.data())[0]).toBe(6);
  for (const print of printed) expect(print).not.toHaveBeenCalled();
  expect(sent.map((bundle) => bundle.metadata.marginalia)).toEqual([
    { kind: 'engine', name: engine.name, version: engine.version, threads: 1 },
  ]);
  restore();
});
