/** `measured.json`: who writes it, who reads it, and what becomes of it when something goes wrong. */

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { check } from '../../../src/press/report/check.js';
import { rulesOf } from '../document/notebooks.js';
import { type Desk, makeDesk, notebookText, publish } from './desk.js';

const LEDGER = `
version: 1
notebook: judged
claims:
  - {id: large, note: [], paper: adams1979, section: '27', claim: It is large., kind: number,
     tier: core, rules: [{value: answer, op: '>=', than: 42}]}
  - {id: rare, note: [], paper: adams1979, section: '42', claim: It is rare., kind: number,
     tier: core, rules: [{value: rare, op: '<=', than: 1}]}
`;
const FILE = 'reports/measured.json';
const SCALE = { quick: { scale: 1 }, full: { scale: 0.5 } };

/** Publishes `answer`, 42 times the scale; and, unless the scale is 1, `rare`. */
function judged(last = 'console.log("end")'): string {
  const answer = publish({ kind: 'value', name: 'answer', value: 42, interval: [1, 2], n: 5 });
  return notebookText([
    { md: '# Judged\n\nIt is {{answer | fixed 1}}.' },
    { code: 'const scale: number = 1;', tags: ['parameters'] },
    { code: answer.replace('"value":42', '"value":42 * scale') },
    { code: `if (scale !== 1) { ${publish({ kind: 'value', name: 'rare', value: 0.1 })} }` },
    { code: publish({ kind: 'claim', id: 'large' }) },
    { code: publish({ kind: 'claim', id: 'rare' }) },
    { code: last },
  ]);
}

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
  mkdirSync(desk.path('notebooks/claims'));
  desk.put('notebooks/claims/judged.yaml', LEDGER);
});
beforeEach(() => {
  rmSync(desk.path('reports'), { recursive: true, force: true });
  desk.put('notebooks/judged.ipynb', judged());
  bookOf(SCALE);
});
afterAll(() => desk.clear());

function bookOf(profiles: object, files: readonly string[] = ['judged.ipynb']): void {
  desk.book(files, profiles, { measured: '../reports/measured.json' });
  desk.put(
    'notebooks/references.bib',
    '@book{adams1979, author={Adams, D.}, title={G}, year=1979}',
  );
}

const entries = () => JSON.parse(desk.read(FILE)).notebooks;
const colophonLine = () =>
  /<dt>Full run<\/dt><dd>([^<]*)/.exec(desk.read('reports/judged.html'))?.[1];

/** Changes the entry of the notebook as a person with an editor would. */
function edit(slug: string, changes: object): void {
  const notebooks = entries();
  notebooks[slug] = { ...notebooks[slug], ...changes };
  desk.put(FILE, JSON.stringify({ version: 1, notebooks }));
}

describe('the file', () => {
  test('is written by full, not by smoke and quick', async () => {
    await desk.run({ profile: 'smoke' });
    await desk.run({ profile: 'quick' });
    expect(existsSync(desk.path(FILE))).toBe(false);
    await desk.run({ profile: 'full' });
    const written = desk.read(FILE);
    await desk.run({ profile: 'quick' });
    expect(desk.read(FILE)).toBe(written);
  });

  test('has the facts of the run and its values, keys in order', async () => {
    await desk.run({ profile: 'full' });
    const text = desk.read(FILE);
    const { judged: entry, ...others } = entries();
    expect(others).toEqual({});
    const { commit: _, ...facts } = entry; // there is none outside git
    expect(facts).toEqual({
      date: '2026-11-21T12:00:00.000Z',
      seconds: expect.any(Number),
      version: JSON.parse(readFileSync('package.json', 'utf8')).version,
      node: process.versions.node,
      machine: expect.stringContaining('cores'),
      parameters: { scale: 0.5 },
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
      values: { answer: { value: 21, interval: [1, 2], n: 5 }, rare: { value: 0.1 } },
    });
    const keys = [...text.matchAll(/^ {6}"(\w+)"/gm)].map((match) => match[1]);
    expect(keys).toEqual([...keys].sort());
    expect(text).toMatch(/^\{\n {2}"notebooks": \{\n[\s\S]*\n\}\n$/);
  });

  test('is left as it is by a run that fails', async () => {
    await desk.run({ profile: 'full' });
    const written = desk.read(FILE);
    desk.put('notebooks/judged.ipynb', judged('throw new Error("late")'));
    const { errors } = await desk.run({ profile: 'full' });
    expect(errors).toHaveLength(1);
    expect(desk.read(FILE)).toBe(written);
  });

  test('is left alone by a notebook that the book does not list, and without a run', async () => {
    await desk.run({ profile: 'full' });
    rmSync(desk.path(FILE));
    await desk.run({ profile: 'full', execute: false });
    const value = publish({ kind: 'value', name: 'answer', value: 42 });
    mkdirSync(desk.path('elsewhere'));
    desk.put('elsewhere/loose.ipynb', notebookText([{ md: '# Loose' }, { code: value }]));
    const loose = { profile: 'full', notebooks: [desk.path('elsewhere/loose.ipynb')] } as const;
    expect((await desk.run(loose)).errors).toEqual([]);
    expect(existsSync(desk.path(FILE))).toBe(false);
  });

  test('is written again from the cache, where the run is kept beside that of quick', async () => {
    await desk.run({ profile: 'quick' });
    await desk.run({ profile: 'full' });
    const written = desk.read(FILE);
    rmSync(desk.path(FILE));
    expect((await desk.run({ profile: 'quick' })).cells).toBe(0);
    expect((await desk.run({ profile: 'full' })).cells).toBe(0);
    expect(desk.read(FILE)).toBe(written);
  });

  test('keeps a newer run of the same code and parameters, and no other', async () => {
    await desk.run({ profile: 'full' });
    const date = '2027-01-01T00:00:00.000Z';
    edit('judged', { date });
    await desk.run({ profile: 'full' });
    expect(entries().judged.date).toBe(date);
    edit('judged', { code: 'other' });
    await desk.run({ profile: 'full' });
    expect(entries().judged.date).toBe('2026-11-21T12:00:00.000Z');
  });

  test('gets the entries of builds at once', async () => {
    const names = ['judged', 'second', 'third', 'fourth'];
    for (const name of names.slice(1)) {
      desk.put(`notebooks/${name}.ipynb`, notebookText([{ md: `# Lesson ${name}` }]));
    }
    bookOf(
      {},
      names.map((name) => `${name}.ipynb`),
    );
    await desk.run({ profile: 'full' }); // what runs is kept, so that only the writing meets
    rmSync(desk.path(FILE));
    const builds = names.map((name) => desk.run({ profile: 'full', notebooks: [name] }));
    expect((await Promise.all(builds)).flatMap(({ errors }) => errors)).toEqual([]);
    expect(Object.keys(entries())).toEqual([...names].sort());
  });
});

describe('a broken file', () => {
  const BROKEN: readonly [what: string, text: string, told: string][] = [
    [
      'a cut-off text',
      '{\n "version": 1,',
      'reports/measured.json, line 2, column 15: expected JSON',
    ],
    [
      'a merge',
      '<<<<<<< HEAD\n{}',
      'reports/measured.json, line 1, column 1: expected JSON, got the marks',
    ],
    [
      'another version',
      '{"version": 2, "notebooks": {}}',
      'reports/measured.json: expected a valid “version”',
    ],
    [
      'a value that is none',
      '{"version": 1, "notebooks": {"judged": {"values": {"answer": 42}}}}',
      'reports/measured.json: expected a valid “notebooks.judged.date”',
    ],
  ];
  test.each(BROKEN)(
    '%s is told before anything runs, and is not overwritten',
    async (_, text, told) => {
      mkdirSync(desk.path('reports'));
      desk.put(FILE, text);
      for (const profile of ['quick', 'full'] as const) {
        const { errors, cells } = await desk.run({ profile });
        expect(errors).toEqual([expect.stringContaining(told)]);
        expect(cells).toBe(0);
        expect(desk.read(FILE)).toBe(text);
      }
    },
  );

  test('is a finding of a check; a sound one is none', async () => {
    await desk.run({ profile: 'full' });
    const found = async () => {
      const folders = { cacheFolder: desk.path('cache'), packageFolder: process.cwd() };
      const request = { bookFolder: join(desk.folder, 'notebooks'), notebooks: [] };
      const [notebook] = await check(request, folders);
      return rulesOf(notebook?.findings ?? []).filter((rule) => rule.startsWith('measured'));
    };
    expect(await found()).toEqual([]);
    desk.put(FILE, '{\n');
    expect(await found()).toEqual(['measured-reads (line 2)']);
  });

  test('that is a folder is told', async () => {
    mkdirSync(desk.path(FILE), { recursive: true });
    const { errors } = await desk.run();
    expect(errors).toEqual([
      'reports/measured.json: expected a file that can be read, got EISDIR. ' +
        'Check the key “measured” of book.yml and the rights of the file.',
    ]);
  });
});

describe('a report', () => {
  test('in profile full shows one column', async () => {
    await desk.run({ profile: 'full' });
    await desk.run({ profile: 'full' });
    expect(desk.text('reports/judged.html')).not.toMatch(/full run:|Full run/);
  });

  test('of another run shows the full one beside: values, verdicts, colophon, cover', async () => {
    await desk.run({ profile: 'full' });
    const { errors, warnings } = await desk.run({ profile: 'quick' });
    expect(errors).toEqual([]);
    expect(warnings.filter((line) => line.includes('claim-measured'))).toEqual([]);
    const html = desk.read('reports/judged.html');
    expect(html).toContain('full run: 21.0;');
    const text = desk.text('reports/judged.html').replaceAll('&nbsp;', ' ');
    expect(text).toMatch(/here: holds .* full run: differs/);
    expect(text).toContain('Measured in the full run only.');
    expect(colophonLine()).toMatch(/^2026-11-21, \d+\ss, .*scale\s=\s0.5$/);
    expect(desk.text('reports/index.html')).toContain('2 hold');
  });

  test('is printed again when its entry changes, and nothing runs', async () => {
    bookOf(SCALE, ['judged.ipynb', 'second.ipynb']);
    const second = { code: 'const scale: number = 1;', tags: ['parameters'] };
    desk.put('notebooks/second.ipynb', notebookText([{ md: '# Second' }, second]));
    await desk.run({ profile: 'full' });
    await desk.run();
    expect((await desk.run()).done).toMatchObject({ judged: 'nothing has changed' });
    edit('judged', { values: { answer: { value: 30 } } });
    const { cells, done } = await desk.run();
    expect(cells).toBe(0);
    expect(done).toMatchObject({ second: 'nothing has changed' });
    expect(desk.read('reports/judged.html')).toContain('full run: 30.0;');
  });

  test('says when its code has changed since the full run', async () => {
    await desk.run({ profile: 'full' });
    await desk.run();
    expect(colophonLine()).not.toContain('earlier version');
    desk.put('notebooks/judged.ipynb', judged('console.log("another end")'));
    await desk.run();
    expect(colophonLine()).toContain('of an earlier version of this notebook’s code');
  });
});
