/** The command as people call it: what it says, and its exit code. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDist } from '../../setup/build.mjs';
import { OPTIONS } from '../../src/cli/build.js';
import { OPTIONS as CHECK_OPTIONS } from '../../src/cli/check.js';
import { HELP } from '../../src/cli/help.js';
import { type Desk, makeDesk, notebookText } from '../press/report/desk.js';

const BIN = resolve('bin/marginalia.mjs');

let desk: Desk;
beforeAll(async () => {
  await buildDist(resolve('.')); // else the command says that it does so
  desk = makeDesk();
  desk.put('notebooks/broken.ipynb', notebookText([{ code: '\nthrow new Error("one\\ntwo")' }]));
  desk.put('notebooks/good.ipynb', notebookText([{ md: '# Good' }]));
  desk.put('notebooks/endless.ipynb', notebookText([{ code: 'for (;;) await null' }]));
  desk.book(['broken.ipynb', 'good.ipynb']);
});
afterAll(() => desk.clear());

const environment = () => ({
  ...process.env,
  MARGINALIA_CACHE: desk.path('cache'),
  MARGINALIA_ENGINE: 'cpu', // else the command says that there is no other, where there is none
  CI: '1',
});

const call = (...args: string[]) => callWith({}, ...args);

function callWith(variables: NodeJS.ProcessEnv, ...args: string[]) {
  const env = { ...environment(), ...variables };
  const options = { encoding: 'utf8', cwd: desk.folder, env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], options);
  return { status, stdout, stderr };
}

describe('help', () => {
  test.each([
    ['--help'],
    ['-h'],
    ['help'],
    ['build', '--help'],
    ['build', '01', '-h'],
    ['doctor', '--help'],
  ])('%s %s', (...args) => {
    expect(call(...args)).toEqual({ status: 0, stderr: '', stdout: HELP });
  });

  test('fits a terminal and names every option', () => {
    expect(HELP.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const names = Object.keys({ ...OPTIONS, ...CHECK_OPTIONS });
    expect(names.filter((name) => !HELP.includes(`--${name} `))).toEqual([]);
  });
});

test.each([
  [
    '',
    'expected build, check, setup or doctor, got no command. marginalia --help lists the commands.',
  ],
  [
    'frob',
    'expected build, check, setup or doctor, got frob. marginalia --help lists the commands.',
  ],
  [
    'build --fast',
    "expected known options, got: Unknown option '--fast'. " +
      'The options of build are --to, --profile, --no-execute, --out, --jobs, --timeout, --debug.',
  ],
  [
    'check --fast',
    "expected known options, got: Unknown option '--fast'. " +
      'The options of check are --json, --debug.',
  ],
  [
    'build --jobs 0',
    'expected --jobs with a whole number from 1, got 0. marginalia --help lists the options.',
  ],
  [
    'build --to html,docx',
    'expected --to html or pdf, got docx. marginalia --help lists the options.',
  ],
  [
    'build --profile big',
    'expected --profile smoke, quick or full, got big. marginalia --help lists the options.',
  ],
  [
    'build --timeout soon',
    'expected --timeout with seconds up to 2147483, got soon. marginalia --help lists the options.',
  ],
  [
    'build --timeout 2147484',
    'expected --timeout with seconds up to 2147483, got 2147484. marginalia --help lists the options.',
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
    expect(stdout).toMatch(
      /^broken: cell 1\/1, 0 s\nbroken: failed: .*Error: one two\..*\ngood: .*\ngood: /m,
    );
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

  test('a browser that is not there: HTML is written, the PDF named as missing', () => {
    const browser = desk.path('no/chromium');
    const { status, stderr } = callWith({ PUPPETEER_EXECUTABLE_PATH: browser }, 'build', 'good');
    expect(status).toBe(0);
    expect(stderr.split('\n').filter((line) => line.includes('PDF'))).toEqual([
      expect.stringMatching(/^warning: no PDF is written: .*no\/chromium.* Install Chrome/),
    ]);
    expect(desk.text('reports/good.html')).toContain('Good');
    expect(existsSync(desk.path('reports/good.pdf'))).toBe(false);
  });

  test.each([
    ['MARGINALIA_CACHE', 'kept'],
    ['XDG_CACHE_HOME', 'kept/marginalia'],
  ])('a relative %s is one folder for command and kernel', (name, folder) => {
    const code = 'console.log("cache: " + process.env.MARGINALIA_CACHE)';
    desk.put('notebooks/cache.ipynb', notebookText([{ md: '# Cache' }, { code }]));
    const variables = { MARGINALIA_CACHE: '', XDG_CACHE_HOME: '', [name]: 'kept' };
    const args = ['notebooks/cache.ipynb', '--to', 'html', '--out', name];
    expect(callWith(variables, 'build', ...args).status).toBe(0);
    expect(desk.text(`${name}/cache.html`)).toMatch(
      new RegExp(`^cache: ${desk.path(folder)}$`, 'm'),
    );
    expect(existsSync(desk.path(`${folder}/executions`))).toBe(true);
  });

  test('--debug adds the stack', () => {
    const { stderr } = call('build', 'broken', '--to', 'html', '--debug');
    expect(stderr).toMatch(/^error: notebooks\/broken.ipynb.*\n(.*\n)*\s+at /);
  });
});

describe('check', () => {
  const metadata = {
    kernelspec: { name: 'tslab', display_name: 'TypeScript' },
    marginalia: { question: 'Why?', answer: 'So.' },
  };

  test('nothing found: one line, exit code 0', () => {
    desk.put('notebooks/clean.ipynb', notebookText([{ md: '# Clean' }], { metadata }));
    expect(call('check', 'notebooks/clean.ipynb')).toEqual({
      status: 0,
      stdout: 'no findings in 1 notebook\n',
      stderr: '',
    });
  });

  test('findings: a line each and a sum, or one JSON document; exit code 1', () => {
    const cells = [{ md: '# Off\n\nIt is 17.3 %.' }, { code: '//| label: a\nlet n: number = "a"' }];
    desk.put('notebooks/off.ipynb', notebookText(cells, { metadata }));
    const { status, stdout } = call('check', 'notebooks/off.ipynb');
    expect(status).toBe(1);
    expect(stdout.split('\n')).toEqual([
      'notebooks/off.ipynb, cell 1, line 3: expected a published value, got “17.3 %” typed by hand ' +
        '(number-measured). Publish it and write {{name}}, cite its source, or set it as maths or code.',
      "notebooks/off.ipynb, cell 2 (a), line 2, column 5: Type 'string' is not assignable to type " +
        "'number' (cell-compiles). The kernel refuses such a cell as a whole: mend it.",
      '2 findings in 1 notebook',
      '',
    ]);
    const json = call('check', 'notebooks/off.ipynb', 'notebooks/clean.ipynb', '--json');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      findings: 2,
      notebooks: [
        {
          path: 'notebooks/off.ipynb',
          findings: [
            expect.objectContaining({ rule: 'number-measured', severity: 'warning', line: 3 }),
            {
              rule: 'cell-compiles',
              severity: 'error',
              file: 'notebooks/off.ipynb',
              cell: 2,
              label: 'a',
              line: 2,
              column: 5,
              message: "Type 'string' is not assignable to type 'number'",
              hint: 'The kernel refuses such a cell as a whole: mend it.',
            },
          ],
        },
        { path: 'notebooks/clean.ipynb', findings: [] },
      ],
    });
  });
});
