import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { colophonOf, describeRun, type Run } from '../../../src/press/report/provenance.js';
import { type Desk, makeDesk } from './desk.js';

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

describe('the commit of a run', () => {
  let desk: Desk;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], {
      cwd: desk.folder,
    });
  const commit = async () => (await describeRun(desk.folder)).commit;
  beforeAll(() => {
    desk = makeDesk();
    mkdirSync(join(desk.folder, 'reports'));
    desk.put('package.json', '{"version": "0.1.0"}');
    desk.put('reports/measured.json', '{}');
  });
  afterAll(() => desk.clear());

  test('is left out outside git', async () => {
    expect(await commit()).toBeUndefined();
  });

  test('is that of the project, also after a build has kept what it measured', async () => {
    git('init', '--quiet');
    git('add', 'package.json', 'reports');
    git('commit', '--quiet', '--message', 'Begin');
    writeFileSync(desk.path('reports/measured.json'), '{"version": 1}');
    expect(await commit()).toMatch(/^[0-9a-f]{10}$/);
  });

  test('is not that of a folder around an installed package', async () => {
    const installed = desk.path('vendor/marginalia');
    mkdirSync(installed, { recursive: true });
    symlinkSync(desk.path('node_modules'), join(installed, 'node_modules'));
    writeFileSync(join(installed, 'package.json'), '{"version": "0.1.0"}');
    expect((await describeRun(installed)).commit).toBeUndefined();
  });

  test('says when files differ from it', async () => {
    desk.put('package.json', '{"version": "0.1.1"}');
    expect(await commit()).toMatch(/^[0-9a-f]{10}, changed$/);
  });
});
