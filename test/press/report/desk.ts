/** A desk for tests of whole builds: a folder with a book on it, the real kernel, and everything that
 *  was said and thrown. */

import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pMap from 'p-map';
import { inject } from 'vitest';
import { withLock } from '../../../setup/lock.mjs';
import { UserError } from '../../../src/errors.js';
import { build } from '../../../src/press/report/build.js';
import type { BrowserFinding, Task } from '../../../src/press/report/effects.js';
import type { BuildRequest } from '../../../src/press/report/request.js';

/** One cell: prose or code. */
export interface CellSketch {
  readonly md?: string;
  readonly code?: string;
  readonly tags?: readonly string[];
}

/** The text of a notebook file. Cells are named `c1`, `c2`, …; `changes` go over the file. */
export function notebookText(cells: readonly CellSketch[], changes: object = {}): string {
  const file = {
    cells: cells.map(({ md, code, tags }, index) => ({
      id: `c${index + 1}`,
      metadata: tags === undefined ? {} : { tags },
      ...(code === undefined
        ? { cell_type: 'markdown', source: md ?? '' }
        : { cell_type: 'code', source: code, execution_count: null, outputs: [] }),
    })),
    metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript' } },
    nbformat: 4,
    nbformat_minor: 5,
    ...changes,
  };
  return JSON.stringify(file);
}

/** Code that displays a bundle. */
export function display(data: object, metadata: object = {}): string {
  const kernel = '(globalThis as any).process.mainModule.require("tslab/dist/jupyter.js")';
  return `${kernel}.lastWriteDisplayData(${JSON.stringify({ data, metadata, transient: {} })});`;
}

/** Code that publishes as the lab does, without loading it. */
export function publish(published: object, data: object = { 'text/plain': 'x' }): string {
  return display(data, { marginalia: published });
}

export interface Outcome {
  /** What failed, one line each. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** What each task said in the end, by title. */
  readonly done: { readonly [title: string]: string };
  /** Everything the tasks showed. */
  readonly shown: readonly string[];
  /** How many times a cell was started. */
  readonly cells: number;
}

export interface Desk {
  readonly folder: string;
  /** `notebooks/01.ipynb` on this desk. */
  path(name: string): string;
  put(name: string, text: string | Uint8Array): void;
  /** Writes `book.yml` for these files of `notebooks/`, and a bibliography without entries. `changes`
   *  go over the book. */
  book(files: readonly string[], profiles?: object, changes?: object): void;
  read(name: string): string;
  bytes(name: string): Uint8Array;
  /** What a reader of a page sees: its text, without styles, scripts and tags. */
  text(name: string): string;
  /** Time of the last change, by name. */
  times(names: readonly string[]): number[];
  /** Builds HTML into `reports`, unless the request says otherwise. */
  run(request?: Partial<BuildRequest>, browser?: BrowserFinding): Promise<Outcome>;
  clear(): void;
}

export const NO_BROWSER: BrowserFinding = { missing: 'no Chromium found. Install Chromium' };

export function makeDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'marginalia-desk-'));
  const path = (name: string) => join(folder, name);
  const put = (name: string, text: string | Uint8Array) => writeFileSync(path(name), text);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  mkdirSync(path('notebooks'));
  mkdirSync(path('cache'));
  symlinkSync(inject('pages'), path('cache/pages'));
  // Cells import packages from here.
  symlinkSync(resolve('node_modules'), path('node_modules'));
  return {
    folder,
    path,
    put,
    book(files, profiles = {}, changes = {}) {
      const notebooks = files.map((file) => ({ file, profiles }));
      const book = {
        title: 'Notes',
        series: 'Test',
        lead: 'Tests of builds.',
        notebooks,
        ...changes,
      };
      put('notebooks/book.yml', JSON.stringify(book));
      put('notebooks/references.bib', '');
    },
    read,
    bytes: (name) => new Uint8Array(readFileSync(path(name))),
    text: (name) =>
      read(name)
        .replace(/<(style|script)\b[\s\S]*?<\/\1>/g, '')
        .replace(/<[^>]*>/g, ''),
    times: (names) => names.map((name) => statSync(path(name)).mtimeMs),
    run: (request, browser) => runBuild(folder, request, browser),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function runBuild(
  folder: string,
  request: Partial<BuildRequest> = {},
  browser: BrowserFinding = NO_BROWSER,
): Promise<Outcome> {
  const plain = (line: string) => line.replaceAll(`${folder}/`, '');
  const warnings: string[] = [];
  const shown: string[] = [];
  const done: { [title: string]: string } = {};
  const run = async ({ title, work }: Task): Promise<unknown[]> => {
    try {
      done[title] = await work((text) => shown.push(`${title}: ${text}`));
      return [];
    } catch (error) {
      return [error];
    }
  };
  const runTasks = async (tasks: readonly Task[], atOnce: number): Promise<readonly unknown[]> =>
    (await pMap(tasks, run, { concurrency: atOnce })).flat();
  const wanted: BuildRequest = {
    bookFolder: join(folder, 'notebooks'),
    notebooks: [],
    formats: ['html'],
    profile: 'quick',
    execute: true,
    out: join(folder, 'reports'),
    jobs: 1,
    ...request,
  };
  const failures = await build(wanted, {
    now: () => new Date('2026-11-21T12:00:00Z'),
    findBrowser: async () => browser,
    runTasks,
    lock: (path, work) => withLock(path, work),
    warn: (line) => warnings.push(plain(line)),
    cacheFolder: join(folder, 'cache'),
    packageFolder: resolve('.'),
    finish: new AbortController().signal,
    signal: new AbortController().signal,
  });
  const errors = failures.map((error) => {
    if (!(error instanceof UserError)) throw error;
    return plain(error.format());
  });
  const cells = shown.filter((line) => /: cell \d+\/\d+/.test(line)).length;
  return { errors, warnings, done, shown, cells };
}
