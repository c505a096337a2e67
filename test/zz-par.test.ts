import { appendFileSync } from 'node:fs';
import { test } from 'vitest';
import { executeNotebook } from '../src/press/kernel/execute.js';
import { notebookOf } from './press/kernel/notebook-of.js';
test('p', async () => {
  for (let i = 0; i < 20; i++) {
    const r = await Promise.all([1, 2, 3, 4].map(async () => {
      const t = performance.now();
      const ok = await executeNotebook(notebookOf(), { cwd: '/tmp', startTimeoutSeconds: 20 }).then(() => 'ok', String);
      return `${((performance.now() - t) / 1000).toFixed(1)} ${ok}`;
    }));
    appendFileSync('/tmp/par.log', `${i} ${r.join(' | ')}\n`);
  }
}, 400000);
