/** What a second build does: nothing, where nothing has changed. */

import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import cacache from 'cacache';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, makeDesk, notebookText } from './desk.js';

const lesson = (prose: string, code: string) =>
  notebookText([{ md: `# A lesson\n\n${prose}` }, { code: 'const a = 6;' }, { code }]);
const ALL = ['lesson.html', 'lesson.ipynb', 'index.html', 'build.json'].map((n) => `reports/${n}`);
const NOTHING = { lesson: 'nothing has changed', index: 'nothing has changed' };
/** An entry as earlier versions wrote it: claims counted, not named. */
const OLD =
  '{"lesson": {"number": "1", "title": "A lesson", "answer": "", "minutes": 1,' +
  ' "claims": [{"verdict": "holds", "count": 9}], "strip": [], "made": [], "keys": {}}}';
const DAMAGED = ['{"lesson": ', '[]', 'null', '{"lesson": {}}', '{"lesson": {"keys": 3}}', OLD];

let desk: Desk;
beforeAll(async () => {
  desk = makeDesk();
  desk.book(['lesson.ipynb']);
  desk.put('notebooks/lesson.ipynb', lesson('First words.', 'console.log(a * 7)'));
});
afterAll(() => desk.clear());

/** Builds, and says which of the files were written. */
async function runAgain(request: Parameters<Desk['run']>[0] = {}) {
  const before = desk.times(ALL);
  const outcome = await desk.run(request);
  const after = desk.times(ALL);
  const written = ALL.filter((_, index) => before[index] !== after[index]);
  return { ...outcome, written };
}

describe('one notebook, in the order of an evening', () => {
  test('--no-execute without an earlier build is refused', async () => {
    const { errors, cells } = await desk.run({ execute: false });
    expect(errors).toEqual([
      'notebooks/lesson.ipynb: expected an executed notebook from an earlier build, got none. ' +
        'Build once without --no-execute.',
    ]);
    expect(cells).toBe(0);
  });

  test('the first build runs every cell and lists the report', async () => {
    const { errors, warnings, cells } = await desk.run();
    expect([errors, warnings, cells]).toEqual([[], [expect.stringContaining('question')], 2]);
    expect(desk.text('reports/lesson.html')).toMatch(/^42$/m);
    expect(desk.read('reports/index.html')).toContain('href="lesson.html"');
  });

  test.each([true, false])(
    'with nothing changed it writes nothing (execute: %s)',
    async (execute) => {
      const { done, cells, written } = await runAgain({ execute });
      expect({ done, cells, written }).toEqual({ done: NOTHING, cells: 0, written: [] });
    },
  );

  test('edited prose is printed without a run', async () => {
    desk.put('notebooks/lesson.ipynb', lesson('Second words.', 'console.log(a * 7)'));
    const { cells } = await desk.run();
    expect(cells).toBe(0);
    expect(desk.text('reports/lesson.html')).toMatch(/Second words[\s\S]*^42$/m);
  });

  test('--no-execute prints edited code with the outputs of the earlier run, and says so', async () => {
    desk.put(
      'notebooks/lesson.ipynb',
      lesson('Third words.', '//| label: eight\nconsole.log(a * 8)'),
    );
    const { cells, warnings } = await desk.run({ execute: false });
    expect(cells).toBe(0);
    expect(warnings).toContainEqual(
      'warning: notebooks/lesson.ipynb: the code has changed since it ran: eight. ' +
        'Build without --no-execute to run it.',
    );
    expect(desk.text('reports/lesson.html')).toMatch(/Third words[\s\S]*^42$/m);
  });

  test('edited code runs', async () => {
    const { cells } = await desk.run();
    expect(cells).toBe(2);
    expect(desk.text('reports/lesson.html')).toMatch(/^48$/m);
  });

  test.each(DAMAGED)('with build.json %s everything is made again, without a run', async (text) => {
    desk.put('reports/build.json', text);
    const { errors, cells, done } = await desk.run();
    expect({ errors, cells }).toEqual({ errors: [], cells: 0 });
    expect(done.lesson).toContain('lesson.html');
    expect(JSON.parse(desk.read('reports/build.json'))).toHaveProperty('lesson.keys.html');
    expect((await runAgain()).written).toEqual([]);
  });

  test.each(['gone', 'edited'])('a page that is %s is made again, and no other', async (how) => {
    if (how === 'gone') rmSync(desk.path('reports/lesson.ipynb'));
    else appendFileSync(desk.path('reports/lesson.ipynb'), '\n');
    const { done } = await desk.run();
    expect(done.lesson).toBe(desk.path('reports/lesson.ipynb'));
  });

  test('a broken cell leaves pages and cover as they are', async () => {
    desk.put('notebooks/lesson.ipynb', lesson('Fourth words.', 'throw new Error("late")'));
    const { errors, written } = await runAgain();
    expect(errors).toHaveLength(1);
    expect(written).toEqual([]);
  });
});

describe('what a run depends on, beside its cells', () => {
  const run = async () => {
    const { errors, cells } = await desk.run({ notebooks: ['helped'] });
    expect(errors).toEqual([]);
    return { cells, said: desk.text('reports/helped.html').match(/^a = \d+$/m)?.[0] };
  };

  test('the files that it imports, and those that they import', async () => {
    desk.book(['helped.ipynb']);
    const code = "import { a } from './helper'; console.log('a =', a);";
    desk.put('notebooks/helped.ipynb', notebookText([{ md: '# Helped' }, { code }]));
    desk.put('notebooks/helper.ts', "import { b } from './inner.js'; export const a: number = b;");
    desk.put('notebooks/inner.ts', 'export const b = 1;');
    expect(await run()).toEqual({ cells: 1, said: 'a = 1' });
    expect(await run()).toEqual({ cells: 0, said: 'a = 1' });
    desk.put('notebooks/inner.ts', 'export const b = 2;');
    expect(await run()).toEqual({ cells: 1, said: 'a = 2' });
  });

  test.each(['', '[]', '{"notebook": {"cells": [{}]}, "run": {"date": 5}}', '{"notebook": '])(
    'an entry of the cache that says %j is not used',
    async (text) => {
      const store = desk.path('cache/executions');
      for (const key of Object.keys(await cacache.ls(store))) await cacache.put(store, key, text);
      expect(await run()).toEqual({ cells: 1, said: 'a = 2' });
    },
  );

  test('an executed notebook whose run cannot be read is none', async () => {
    const saved = JSON.parse(desk.read('reports/helped.ipynb'));
    saved.metadata.marginalia.run = { date: 5 };
    desk.put('reports/helped.ipynb', JSON.stringify(saved));
    const { errors } = await desk.run({ notebooks: ['helped'], execute: false });
    expect(errors).toEqual([expect.stringContaining('expected an executed notebook')]);
  });
});

test('builds at once into one folder do not harm each other', async () => {
  const names = ['one', 'two', 'three', 'four'];
  for (const name of names) {
    desk.put(`notebooks/${name}.ipynb`, notebookText([{ md: `# Lesson ${name}` }]));
  }
  desk.book(names.map((name) => `${name}.ipynb`));
  await desk.run({ out: desk.path('warm') }); // what runs is kept, so that only the writing meets
  const all = await Promise.all(names.map((name) => desk.run({ notebooks: [name] })));
  expect(all.flatMap(({ errors }) => errors)).toEqual([]);
  for (const name of names) {
    expect(desk.text(`reports/${name}.html`)).toContain(`Lesson ${name}`);
    expect(desk.read(`reports/${name}.html`)).toMatch(/<\/body>\s*$/);
    expect(desk.read('reports/index.html')).toContain(`href="${name}.html"`);
  }
  const { done } = await desk.run();
  expect(new Set(Object.values(done))).toEqual(new Set(['nothing has changed']));
});

describe('a folder that cannot be written', () => {
  test('is told before anything runs', async () => {
    desk.put('a-file', '');
    await expect(desk.run({ out: desk.path('a-file') })).rejects.toThrow(
      /^expected a folder to write to, got \S+a-file$/,
    );
  });

  test('is told in one line when a page cannot be replaced', async () => {
    mkdirSync(desk.path('blocked/one.html'), { recursive: true });
    const { errors } = await desk.run({ notebooks: ['one'], out: desk.path('blocked') });
    expect(errors).toEqual([
      'expected to write blocked/one.html, got EISDIR. ' +
        'Check the folder, or give another one with --out.',
    ]);
  });
});
