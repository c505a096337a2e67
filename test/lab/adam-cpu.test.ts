/** An engine starts once in a process: this one is plain JavaScript. */
import { expect, it } from 'vitest';
import { startEngine } from '../../src/lab/index.js';
import { expectAdamAsInTensorFlowJs } from './adam-reference.js';

it('Adam in plain JavaScript goes where TensorFlow.js goes', async () => {
  process.env.MARGINALIA_ENGINE = 'cpu';
  expect((await startEngine()).kind).toBe('cpu');
  expectAdamAsInTensorFlowJs();
});
