/** What the signals that end a command leave behind: the old reports, and nothing else. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDist } from '../../setup/build.mjs';
import { browser, noBrowser } from '../press/render/pdf-browser.js';
import { type Desk, makeDesk, notebookText } from '../press/report/desk.js';

const BIN = resolve('bin/marginalia.mjs');
const OLD = ['html', 'pdf', 'ipynb'].map((ending) => `reports/endless.${ending}`);
const EXIT_CODES = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

let desk: Desk;
beforeAll(async () => {
  await buildDist(resolve('.'));
  desk = makeDesk();
  for (const folder of ['t', 'reports']) mkdirSync(desk.path(folder));
  for (const name of OLD) desk.put(name, `the old ${name}`);
  desk.put('notebooks/endless.ipynb', notebookText([{ code: 'for (;;) await null' }]));
  desk.put('notebooks/long.ipynb', notebookText([{ md: '# Long' }]));
});
afterAll(() => desk.clear());

/** Builds, and sends the signal when the command says `cue`. `left`: temporary folders of kernels and
 *  browsers, which go with their processes. */
async function endAt(cue: string, signal: NodeJS.Signals, ...args: string[]) {
  const env = {
    ...process.env,
    CI: '1',
    TMPDIR: desk.path('t'),
    MARGINALIA_CACHE: desk.path('cache'),
    PUPPETEER_EXECUTABLE_PATH: browser.path,
  };
  const options = { cwd: desk.folder, env };
  const child = spawn(process.execPath, [BIN, 'build', ...args], options);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdout.on('data', (text) => {
    if (String(text).includes(cue)) child.kill(signal);
  });
  const [status] = await once(child, 'exit');
  return { status, stderr, left: readdirSync(desk.path('t')) };
}

test.each(EXIT_CODES)('%s ends the cell, its kernel and the command: %i', async (signal, code) => {
  const args = ['notebooks/endless.ipynb', '--to', 'html'];
  const { status, stderr, left } = await endAt('cell 1/1', signal, ...args);
  expect({ status, left }).toEqual({ status: code, left: [] });
  expect(stderr).toMatch(/^error: notebooks\/endless.ipynb, cell 1 \(c1\): Interrupted: [^\n]*\n$/);
  expect(OLD.map(desk.read)).toEqual(OLD.map((name) => `the old ${name}`));
});

describe.skipIf(noBrowser)(`with Chromium${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  test.each(EXIT_CODES)(
    '%s while a page is printed ends the browser too: %i',
    async (signal, code) => {
      const { status, stderr, left } = await endAt('printing', signal, 'notebooks/long.ipynb');
      expect({ status, left }).toEqual({ status: code, left: [] });
      expect(stderr).toMatch(/^error: expected an undisturbed build, got an interruption\. /m);
      rmSync(desk.path('reports/long.pdf'));
    },
  );
});
