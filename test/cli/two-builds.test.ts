/** Two commands at once on the same book. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDist } from '../../setup/build.mjs';
import { type Desk, makeDesk, notebookText } from '../press/report/desk.js';

const SLUGS = ['one', 'two', 'three'];

let desk: Desk;
beforeAll(async () => {
  await buildDist(resolve('.'));
  desk = makeDesk();
  desk.book(SLUGS.map((slug) => `${slug}.ipynb`));
  for (const slug of SLUGS)
    desk.put(`notebooks/${slug}.ipynb`, notebookText([{ md: `# ${slug}` }]));
  desk.put('notebooks/one.ipynb', notebookText([{ md: '# one' }, { code: 'console.log(6 * 7)' }]));
});
afterAll(() => desk.clear());

async function build() {
  const env = {
    ...process.env,
    MARGINALIA_CACHE: desk.path('cache'),
    MARGINALIA_ENGINE: 'cpu',
    CI: '1',
  };
  const args = [resolve('bin/marginalia.mjs'), 'build', '--to', 'html'];
  const child = spawn(process.execPath, args, { cwd: desk.folder, env });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, said };
}

test('do not harm each other, and leave files that belong together', async () => {
  const both = await Promise.all([build(), build()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const shelf = JSON.parse(desk.read('reports/build.json'));
  for (const slug of SLUGS) {
    for (const ending of ['html', 'ipynb']) {
      const hash = createHash('sha256').update(desk.bytes(`reports/${slug}.${ending}`));
      expect(hash.digest('hex')).toBe(shelf[slug].hashes[ending]);
    }
    expect(desk.read('reports/index.html')).toContain(`href="${slug}.html"`);
  }
  const names = SLUGS.flatMap((slug) => [`${slug}.html`, `${slug}.ipynb`]);
  expect(readdirSync(desk.path('reports')).sort()).toEqual(
    ['build.json', 'index.html', ...names].sort(),
  );
  const after = await build();
  expect(after.code).toBe(0);
  expect(after.said).not.toContain('cell 1/1'); // the results of one of them were kept
});
