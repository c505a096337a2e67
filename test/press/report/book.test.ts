/** `book.yml`, and which notebooks a request means. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { looseItem, readBook } from '../../../src/press/report/config.js';
import { select } from '../../../src/press/report/select.js';
import { type Desk, makeDesk } from './desk.js';

let desk: Desk;
beforeAll(() => {
  desk = makeDesk();
});
afterAll(() => desk.clear());

const HEAD = 'title: Notes\nseries: Test\nlead: Words.\n';

/** The one line that a person gets. */
async function told(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error ?? new Error('nothing was thrown');
  return error.format().replaceAll(`${desk.folder}/`, '');
}

describe('readBook', () => {
  const read = (text: string) => {
    desk.put('notebooks/book.yml', text);
    return readBook(desk.path('notebooks'), 'smoke');
  };

  test('gives each notebook its place, its files and the parameters of the profile', async () => {
    const book = await read(
      `${HEAD}notebooks:\n  - file: a.ipynb\n  - file: b.ipynb\n    profiles: {smoke: {seeds: [1, 2]}}\n`,
    );
    expect(book).toMatchObject({ title: 'Notes', language: 'en' });
    expect(book.items[1]).toEqual({
      slug: 'b',
      path: desk.path('notebooks/b.ipynb'),
      shownPath: desk.path('notebooks/b.ipynb'),
      kicker: 'Test · Notebook 2',
      number: 2,
      bibliographyPath: desk.path('notebooks/references.bib'),
      ledgerPath: desk.path('notebooks/claims/b.yaml'),
      measuredPath: null,
      parameters: { seeds: [1, 2] },
    });
  });

  test('numbers a notebook as its file name does', async () => {
    const { items } = await read(`${HEAD}notebooks: [{file: 03-a.ipynb}, {file: 05-b.ipynb}]\n`);
    expect(items.map(({ number }) => number)).toEqual([3, 5]);
    expect(items[1]?.kicker).toBe('Test · Notebook 5');
  });

  test('finds the measured values beside itself, for the notebooks that it lists', async () => {
    const { items } = await read(`${HEAD}measured: ../m.json\nnotebooks: [{file: a.ipynb}]\n`);
    expect(items[0]?.measuredPath).toBe(desk.path('m.json'));
    expect(looseItem('a.ipynb').measuredPath).toBeNull();
  });

  test.each([
    [
      'a brace that stays open',
      `${HEAD}notebooks: [\n`,
      'line 5: expected YAML, got: Flow sequence',
    ],
    [
      'a key that nobody knows',
      `${HEAD}titel: x\nnotebooks: []\n`,
      'line 4: expected a known key, got "titel"',
    ],
    [
      'a lack',
      'title: Notes\nseries: Test\nnotebooks: []\n',
      'line 1: expected a valid "lead", got:',
    ],
    [
      'another ending',
      `${HEAD}notebooks:\n  - file: a.md\n`,
      'line 5: expected a valid "notebooks.0.file"',
    ],
    [
      'an unknown profile',
      `${HEAD}notebooks:\n  - file: a.ipynb\n    profiles: {qick: {}}\n`,
      'line 6: ',
    ],
    ['nothing', '', 'line 1: expected a valid '],
  ])('refuses %s, with its line', async (_, text, expected) => {
    expect(await told(read(text))).toContain(`notebooks/book.yml, ${expected}`);
  });

  test('a missing book is told with the way out', async () => {
    expect(await told(readBook(desk.path('nowhere'), 'quick'))).toBe(
      'expected nowhere/book.yml, got no such file. ' +
        'Run the command in the project folder, or name the notebooks: marginalia build my.ipynb.',
    );
  });
});

describe('select', () => {
  beforeAll(() => desk.book(['01-line.ipynb', '01-line-more.ipynb', '02-plane.ipynb']));
  const pick = (...notebooks: string[]) =>
    select({ bookFolder: desk.path('notebooks'), notebooks, profile: 'quick' });
  const slugs = async (...notebooks: string[]) =>
    (await pick(...notebooks)).items.map(({ slug, kicker }) => `${slug}, ${kicker}`);

  test.each([
    [
      [],
      [
        '01-line, Test · Notebook 1',
        '01-line-more, Test · Notebook 1',
        '02-plane, Test · Notebook 2',
      ],
    ],
    [['02'], ['02-plane, Test · Notebook 2']],
    [['01-line'], ['01-line, Test · Notebook 1']],
    [['02', '02-plane', '02'], ['02-plane, Test · Notebook 2']],
    [['elsewhere/other.ipynb'], ['other, Notebook']],
  ])('%j means %j', async (names, expected) => {
    expect(await slugs(...names)).toEqual(expected);
  });

  test('a path of the book is the notebook of the book', async () => {
    const path = desk.path('notebooks/../notebooks/02-plane.ipynb');
    expect(await slugs(path)).toEqual(['02-plane, Test · Notebook 2']);
  });

  test.each([
    [
      ['03'],
      'expected the name of one notebook, got 03. The book has 01-line, 01-line-more, 02-plane;',
    ],
    [['01'], 'expected the name of one notebook, got 01, which fits 01-line, 01-line-more. '],
    [
      ['a/x.ipynb', 'b/x.ipynb'],
      'expected notebooks with different names, got a/x.ipynb and b/x.ipynb. ',
    ],
  ])('%j is refused', async (names, expected) => {
    expect(await told(pick(...names))).toContain(expected);
  });

  test('files need no book', async () => {
    const { book, items } = await select({
      bookFolder: desk.path('nowhere'),
      notebooks: ['my.ipynb'],
      profile: 'quick',
    });
    expect([book, items.map(({ slug }) => slug)]).toEqual([null, ['my']]);
  });
});
