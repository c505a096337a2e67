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

/** Builds, and sends each signal when the command has said its cue after the one before. `left`:
 *  temporary folders of kernels and browsers, which go with their processes. */
async function endAt(cues: readonly Cue[], ...args: string[]) {
  const env = {
    ...process.env,
    CI: '1',
    MARGINALIA_ENGINE: 'cpu',
    TMPDIR: desk.path('t'),
    MARGINALIA_CACHE: desk.path('cache'),
    PUPPETEER_EXECUTABLE_PATH: browser.path,
  };
  const options = { cwd: desk.folder, env };
  const child = spawn(process.execPath, [BIN, 'build', ...args], options);
  let [stdout, stderr] = ['', ''];
  let [sent, heard] = [0, 0];
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdout.on('data', (text) => {
    stdout += text;
    const next = cues[sent];
    if (next === undefined || !stdout.slice(heard).includes(next.cue)) return;
    [sent, heard] = [sent + 1, stdout.length];
    for (const delay of next.delays ?? [0]) setTimeout(() => child.kill(next.signal), delay);
  });
  const [status] = await once(child, 'exit');
  return { status, stdout, stderr, left: readdirSync(desk.path('t')) };
}

interface Cue {
  readonly cue: string;
  readonly signal: NodeJS.Signals;
  /** Milliseconds after the cue at which the signal is sent. */
  readonly delays?: readonly number[];
}

const isOld = (name: string): boolean => desk.read(name) === `the old ${name}`;

const AT_ONCE = [
  ['SIGTERM', 143, [{ cue: 'cell 1/1', signal: 'SIGTERM' }]],
  ['SIGHUP', 129, [{ cue: 'cell 1/1', signal: 'SIGHUP' }]],
  ['SIGINT twice', 130, [{ cue: 'cell 1/1', signal: 'SIGINT', delays: [0, 400] }]],
] as const;

test.each(AT_ONCE)('%s ends the cell, its kernel and the command: %i', async (_, code, cues) => {
  const args = ['notebooks/endless.ipynb', '--to', 'html'];
  const { status, stderr, left } = await endAt(cues, ...args);
  expect({ status, left }).toEqual({ status: code, left: [] });
  expect(stderr).toMatch(/^error: notebooks\/endless.ipynb, cell 1 \(c1\): Interrupted: [^\n]*\n$/);
  expect(OLD.filter(isOld)).toEqual(OLD);
});

describe('SIGINT once', () => {
  const say = (text: string, seconds: number) =>
    `await new Promise((resolve) => setTimeout(resolve, ${seconds * 1000})); console.log("${text}")`;
  const steps = [{ md: '# Steps' }, { code: say('one', 0) }, { code: say('two', 1.5) }];
  const build = (name: string, cue: string) => {
    // npm hands it on at once to a command that has it from the terminal already.
    const cues = [{ cue, signal: 'SIGINT', delays: [0, 50] }] as const;
    return endAt(cues, `notebooks/${name}.ipynb`, 'notebooks/long.ipynb', '--to', 'html');
  };

  test('lets the cell finish, saves what ran, and begins nothing else', async () => {
    desk.put('notebooks/steps.ipynb', notebookText([...steps, { code: say('three', 0) }]));
    desk.put('reports/steps.html', 'the old reports/steps.html');
    const { status, stdout, stderr, left } = await build('steps', 'cell 2/3');
    expect({ status, left }).toEqual({ status: 130, left: [] });
    expect(stdout.split('\n').map((line) => line.replace(/\d+ s/, '… s'))).toEqual([
      'steps: cell 1/3, … s',
      'steps: cell 2/3, … s',
      'steps: finishing cell 2/3, … s, press Ctrl-C again to stop at once',
      'steps: stopped after cell 2/3; what ran is in reports/steps.unfinished.ipynb',
      'long: not started',
      '',
    ]);
    expect(stderr).toMatch(
      /^error: expected an undisturbed build, got an interruption\. [^\n]*\n$/,
    );
    const { cells } = JSON.parse(desk.read('reports/steps.unfinished.ipynb'));
    const texts = cells.map(({ outputs = [] }) =>
      outputs.map(({ text }: { text: string }) => text),
    );
    expect(texts).toEqual([[], [['one\n']], [['two\n']], []]);
    expect(isOld('reports/steps.html')).toBe(true);
  });

  test('in the last cell: all of it is kept, and the report is printed', async () => {
    desk.put('notebooks/steps.ipynb', notebookText(steps));
    const { status, stdout } = await build('steps', 'cell 2/2');
    expect(status).toBe(130);
    expect(stdout).toContain('steps: finishing setting the page, press Ctrl-C again');
    expect(desk.text('reports/steps.html')).toContain('two');
    expect(readdirSync(desk.path('reports'))).not.toContain('steps.unfinished.ipynb');
    const again = await endAt([], 'notebooks/steps.ipynb', '--to', 'html');
    expect(again).toMatchObject({ status: 0, stdout: 'steps: nothing has changed\n' });
  });
});

describe.skipIf(noBrowser)(`with Chromium${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  test.each(EXIT_CODES)(
    '%s while a page is printed ends the browser too: %i',
    async (signal, code) => {
      const { status, stderr, left } = await endAt(
        [{ cue: 'printing', signal }],
        'notebooks/long.ipynb',
      );
      expect({ status, left }).toEqual({ status: code, left: [] });
      expect(stderr).toMatch(/^error: expected an undisturbed build, got an interruption\. /m);
      rmSync(desk.path('reports/long.pdf'));
    },
  );
});
