/** A disk that is full: a small file system, in a name space that needs no rights. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDist } from '../../setup/build.mjs';
import { type Desk, makeDesk, notebookText } from '../press/report/desk.js';

const PAGES = ['build.json', 'index.html', 'lesson.html', 'lesson.ipynb'];
const WARNING = /^warning: .*: expected a question/;

/** `small`: puts a folder on a disk of its own. `leave`: fills it up to so many bytes. `build`: keeps
 *  what the build said and what stands then, under a name. */
const COMMANDS = `
small() { mount -t tmpfs -o size=16m tmpfs temporary && cp -RL $1/. temporary && mount --move temporary $1; }
leave() { head -c 16m /dev/zero > $1/filler; truncate -s -$2 $1/filler; } 2> /dev/null
build() {
  "$NODE" "$BIN" build --to html > $1.out 2> $1.err; echo $? > $1.code
  mkdir $1; cp reports/*.* $1
}
cd "$DESK"
`;

let desk: Desk;

function shell(script: string, wrapper: readonly string[] = []) {
  const [command = '', ...args] = [...wrapper, 'sh', '-c', COMMANDS + script];
  const env = {
    ...process.env,
    NODE: process.execPath,
    BIN: resolve('bin/marginalia.mjs'),
    DESK: desk?.folder ?? '/',
    MARGINALIA_CACHE: 'cache',
    MARGINALIA_ENGINE: 'cpu',
    CI: '1',
  };
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  return { status, stderr };
}

const inNameSpace = (script: string) =>
  shell(script, ['unshare', '--user', '--map-root-user', '--mount']);

const tried = inNameSpace('mount -t tmpfs tmpfs /mnt');
const noDisk = tried.status === 0 ? '' : ` (expected unshare and mount, got ${tried.stderr})`;

/** What the build of this name gave. */
function given(name: string) {
  return {
    code: Number(desk.read(`${name}.code`)),
    said: desk.read(`${name}.out`),
    told: desk
      .read(`${name}.err`)
      .split('\n')
      .filter((line) => line !== '' && !WARNING.test(line)),
    pages: new Map(
      readdirSync(desk.path(name)).map((page) => [page, desk.read(`${name}/${page}`)]),
    ),
  };
}

const lesson = (words: string) =>
  notebookText([{ md: `# A lesson\n\n${words} words.` }, { code: `console.log("${words} code")` }]);

beforeAll(async () => {
  await buildDist(resolve('.'));
  desk = makeDesk();
  for (const folder of ['reports', 'temporary']) mkdirSync(desk.path(folder));
  desk.book(['lesson.ipynb']);
  desk.put('notebooks/lesson.ipynb', lesson('Old'));
  if (noDisk === '') shell('build old');
});
afterAll(() => desk.clear());

describe.skipIf(noDisk !== '')(`a full disk${noDisk}`, () => {
  test('of reports: the old one stays whole, what ran is kept, and with space the build goes on', () => {
    desk.put('notebooks/lesson.ipynb', lesson('New'));
    const { status, stderr } = inNameSpace(`
      small reports
      leave reports 0 && build none
      leave reports 100000 && build half
      rm reports/filler && build again && build once-more`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const old = given('old');
    expect([...old.pages.keys()]).toEqual(PAGES);
    for (const name of ['none', 'half']) {
      const { code, told, pages } = given(name);
      pages.delete('filler');
      expect({ code, pages }).toEqual({ code: 1, pages: old.pages });
      expect(told[0]).toMatch(
        /^error: expected space on the disk for reports\/\S+, got none \(ENOSPC\)\. Free some and start again/,
      );
    }
    const again = given('again');
    expect(again).toMatchObject({ code: 0, told: [] });
    expect(again.said).not.toContain('cell 1/1');
    expect(again.pages.get('lesson.html')).toMatch(/New words[\s\S]*New code/);
    expect([...again.pages.keys()]).toEqual(PAGES);
    expect(given('once-more')).toMatchObject({
      said: 'lesson: nothing has changed\nindex: nothing has changed\n',
      pages: again.pages,
    });
  });

  test('of the cache: the report is made, and what was not kept runs again', () => {
    desk.put('notebooks/lesson.ipynb', lesson('Newer'));
    inNameSpace(`
      small cache
      leave cache 0 && build without
      rm cache/filler && build with`);
    const without = given('without');
    expect(without).toMatchObject({
      code: 0,
      told: [expect.stringMatching(/: the results were not kept for next time: .*ENOSPC/)],
    });
    expect(without.pages.get('lesson.html')).toMatch(/Newer words[\s\S]*Newer code/);
    expect(given('with')).toMatchObject({ code: 0, said: expect.stringContaining('cell 1/1') });
  });

  test('of temporary files: one line, before any cell runs', () => {
    desk.put('notebooks/lesson.ipynb', lesson('Newest'));
    inNameSpace(
      'small temporary; leave temporary 0; export TMPDIR="$DESK/temporary"; build homeless',
    );
    expect(given('homeless')).toMatchObject({
      code: 1,
      said: expect.not.stringContaining('cell 1/1'),
      told: [
        expect.stringMatching(
          /^error: expected to write temporary files in \S+\/temporary, got ENOSPC\. Free some space there/,
        ),
      ],
    });
  });
});
