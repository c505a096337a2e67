/** kill -9 at every kind of change to the disk: what stands is whole, and the next build goes on. */

import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import cacache from 'cacache';
import { afterAll, describe, expect, test } from 'vitest';
import { buildDist } from '../../../setup/build.mjs';
import { makeDesk, notebookText } from './desk.js';

const FILES = ['build.json', 'index.html', 'lesson.html', 'lesson.ipynb'];
const NOTHING = { lesson: 'nothing has changed', index: 'nothing has changed' };
const isLinux = process.platform === 'linux';

const desk = makeDesk();
desk.book(['lesson.ipynb']);
afterAll(() => desk.clear());

const write = (words: string) =>
  desk.put('notebooks/lesson.ipynb', notebookText([{ md: `# ${words} words\n\nA lesson.` }]));
/** The texts of the files; of `build.json` what it says, whose order may differ. */
const filesOf = (folder: string) =>
  FILES.map((name) => desk.read(`${folder}/${name}`)).map((text, index) =>
    index === 0 ? JSON.parse(text) : text,
  );

/** The old report, no results of runs, and new words in the notebook. */
function lookBack(): void {
  for (const name of ['reports', 'cache/executions', 'changes']) {
    rmSync(desk.path(name), { recursive: true, force: true });
  }
  cpSync(desk.path('old'), desk.path('reports'), { recursive: true });
  write('New');
}

/** Builds in a process of its own. `at`: the number of the change at which it is killed. */
function buildOrDie(at?: number) {
  const folder = 'test/press/report';
  const args = ['--import', `./${folder}/kill-at-write.mjs`, `${folder}/build-desk.mjs`];
  const env = { ...process.env, KILL_AT: String(at), KILL_LIST: desk.path('changes') };
  const options = { env, encoding: 'utf8' } as const;
  const { status, signal, stderr } = spawnSync(process.execPath, [...args, desk.folder], options);
  return { status, signal, stderr };
}

/** The changes that a whole build makes, the first of each kind: `rename reports/lesson.html.…`. */
function kindsOfChange(): { at: number; what: string }[] {
  const lines = readFileSync(desk.path('changes'), 'utf8').trim().split('\n');
  const kinds = lines.map((line) =>
    line
      .replaceAll(`${desk.folder}/`, '')
      .replace(/\/(?:sha512\/)?[0-9a-f]{2}\b.*|[0-9a-f-]{8,}/g, '…'),
  );
  return [...new Set(kinds)].map((what) => ({ what, at: kinds.indexOf(what) + 1 }));
}

await buildDist(resolve('.'));
write('Old');
await desk.run();
renameSync(desk.path('reports'), desk.path('old'));
lookBack();
const unkilled = isLinux ? buildOrDie() : undefined;
const changes = isLinux ? kindsOfChange() : [];
cpSync(desk.path('reports'), desk.path('new'), { recursive: true });

describe.skipIf(!isLinux)(`a build that is killed${isLinux ? '' : ' (expected Linux)'}`, () => {
  const [before, after] = [filesOf('old'), filesOf('new')];

  test('is one that otherwise ends well, and changes the disk in many ways', () => {
    expect(unkilled).toEqual({ status: 0, signal: null, stderr: '' });
    const seen = changes.map(({ what }) => what);
    expect(seen).toContain('rename reports/lesson.html.….partial');
    expect(seen).toContain('rename reports/index.html.….partial');
    expect(seen).toContain('appendFile cache/executions/index-v5…');
    expect(changes.length).toBeGreaterThan(20);
  });

  test.each(changes)('at change $at: $what', async ({ at }) => {
    lookBack();
    expect(buildOrDie(at).signal).toBe('SIGKILL');
    for (const [index, text] of filesOf('reports').entries()) {
      expect([before[index], after[index]]).toContainEqual(text);
    }
    // First back to the old words: what the killed build has exchanged is exchanged again.
    for (const [words, files] of [
      ['Old', before],
      ['New', after],
    ] as const) {
      write(words);
      expect((await desk.run()).errors).toEqual([]);
      expect(filesOf('reports')).toEqual(files);
      expect(readdirSync(desk.path('reports')).sort()).toEqual(FILES);
    }
    const { badContentCount, missingContent } = await cacache.verify(desk.path('cache/executions'));
    expect({ badContentCount, missingContent }).toEqual({ badContentCount: 0, missingContent: 0 });
    expect((await desk.run()).done).toEqual(NOTHING);
  });
});
