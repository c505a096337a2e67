/** The command as people call it: what it says, and its exit code. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HELP } from '../../src/cli/help.js';
import { type Desk, makeDesk, notebookText } from '../press/report/desk.js';

const BIN = resolve('bin/marginalia.mjs');

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
  desk.put('notebooks/broken.ipynb', notebookText([{ code: '\nthrow new Error("one\\ntwo")' }]));
  desk.put('notebooks/good.ipynb', notebookText([{ md: '# Good' }]));
  desk.put('notebooks/endless.ipynb', notebookText([{ code: 'for (;;) await null' }]));
  desk.book(['broken.ipynb', 'good.ipynb']);
});
afterAll(() => desk.clear());

const environment = () => ({ ...process.env, MARGINALIA_CACHE: desk.path('cache'), CI: '1' });

function call(...args: string[]) {
  const options = { encoding: 'utf8', cwd: desk.folder, env: environment() } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], options);
  return { status, stdout, stderr };
}

describe('help', () => {
  test.each([['--help'], ['-h'], ['help'], ['build', '--help']])('%s %s', (...args) => {
    expect(call(...args)).toMatchObject({ status: 0, stderr: '' });
    expect(call(...args).stdout).toBe(HELP);
  });

  test('fits a terminal and names every option of build', () => {
    expect(HELP.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const source = readFileSync('src/cli/build.ts', 'utf8');
    const names = [...source.matchAll(/^ {8}'?([\w-]+)'?: \{ type:/gm)].map((match) => match[1]);
    expect(names).toContain('no-execute');
    expect(names.filter((name) => !HELP.includes(`--${name}`))).toEqual([]);
  });
});

test.each([
  ['', 'expected build or doctor, got no command. marginalia --help lists the commands.'],
  ['frob', 'expected build or doctor, got frob. marginalia --help lists the commands.'],
  [
    'build --fast',
    "expected known options, got: Unknown option '--fast'. marginalia --help lists the options.",
  ],
  [
    'build --to html,docx',
    'expected --to html or pdf, got docx. marginalia --help lists the options.',
  ],
  [
    'build --profile big',
    'expected --profile smoke or quick, got big. marginalia --help lists the options.',
  ],
  [
    'build --timeout soon',
    'expected --timeout with a number of seconds, got soon. marginalia --help lists the options.',
  ],
  [
    'build 07',
    'expected the name of one notebook, got 07. The book has broken, good; a path ends in .ipynb.',
  ],
  [
    'build --out notebooks/book.yml',
    'expected a folder to write to, got notebooks/book.yml. Give another folder with --out.',
  ],
])('marginalia %s: one line with the remedy', (args, expected) => {
  const { status, stderr } = call(...args.split(' ').filter((word) => word !== ''));
  expect({ status, stderr }).toEqual({ status: 1, stderr: `marginalia: ${expected}\n` });
});

describe('build', () => {
  test('one line for the notebook that fails, exit code 1, and the others are built', () => {
    const { status, stdout, stderr } = call('build', '--to', 'html');
    expect(status).toBe(1);
    expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toEqual([
      'error: notebooks/broken.ipynb, cell 1 (c1), line 2: Error: one two. ' +
        'Mend the cell, or tag it `raises-exception` if it is meant to fail.',
    ]);
    expect(stdout).toMatch(/^broken: cell 1\/1, 0 s\nbroken: failed\ngood: .*\ngood: /m);
    expect(desk.text('reports/good.html')).toContain('Good');
  });

  test('exit code 0 when all is well, also for a file that no book lists', () => {
    expect(call('build', 'good', '--to', 'html').status).toBe(0);
    const { status } = call('build', 'notebooks/good.ipynb', '--to', 'html', '--out', 'elsewhere');
    expect(status).toBe(0);
    expect(desk.text('elsewhere/good.html')).toContain('Good');
  });

  test('the time limit of a cell can be set', () => {
    const args = ['notebooks/endless.ipynb', '--to', 'html', '--timeout', '0.2'];
    expect(call('build', ...args).stderr).toMatch(
      /^error: notebooks\/endless.ipynb, cell 1 \(c1\): Timeout: .* within 0.2 s/,
    );
  });

  test('an interruption ends the cell and the command at once', async () => {
    const args = [BIN, 'build', 'notebooks/endless.ipynb', '--to', 'html'];
    const child = spawn(process.execPath, args, { cwd: desk.folder, env: environment() });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdout.on('data', (text) => {
      if (String(text).includes('cell 1/1')) child.kill('SIGINT');
    });
    const [status] = await once(child, 'exit');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: notebooks\/endless.ipynb, cell 1 \(c1\): Interrupted: [^\n]*\n$/,
    );
  });

  test('--debug adds the stack', () => {
    const { stderr } = call('build', 'broken', '--to', 'html', '--debug');
    expect(stderr).toMatch(/^error: notebooks\/broken.ipynb.*\n(.*\n)*\s+at /);
  });
});
