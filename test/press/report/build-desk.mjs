/** Builds the book on a desk as `desk.ts` does, in a process of its own that a test can end. */

import { join, resolve } from 'node:path';
import { build } from '../../../dist/press/report/build.js';
import { withLock } from '../../../setup/lock.mjs';

const [, , folder = ''] = process.argv;

const failures = await build(
  {
    bookFolder: join(folder, 'notebooks'),
    notebooks: [],
    formats: ['html'],
    profile: 'quick',
    execute: true,
    out: join(folder, 'reports'),
    jobs: 1,
  },
  {
    now: () => new Date('2026-11-21T12:00:00Z'),
    findBrowser: async () => ({ missing: 'not looked for' }),
    runTasks: async (tasks) => {
      /** @type {unknown[]} */
      const thrown = [];
      for (const { work } of tasks) await work(() => {}).catch((error) => thrown.push(error));
      return thrown;
    },
    lock: (path, work) => withLock(path, work),
    warn: () => {},
    cacheFolder: join(folder, 'cache'),
    packageFolder: resolve('.'),
    finish: new AbortController().signal,
    signal: new AbortController().signal,
  },
);
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
