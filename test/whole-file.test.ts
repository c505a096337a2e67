import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildDist } from '../setup/build.mjs';
import { stageFile, writeWholeFile } from '../src/whole-file.js';

let folder: string;
let file: string;
beforeAll(() => buildDist(resolve('.')));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'));
  file = join(folder, 'page.html');
  writeFileSync(file, 'the old page');
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = Buffer.from('the new page');

test('a file takes the place of the old one, and leaves nothing beside it', async () => {
  await writeWholeFile(file, bytes);
  expect(readFileSync(file, 'utf8')).toBe('the new page');
  expect(readdirSync(folder)).toEqual(['page.html']);
});

test('until it is committed the old one stands, and for good when it is discarded', async () => {
  const staged = await stageFile(file, bytes);
  expect(readFileSync(file, 'utf8')).toBe('the old page');
  await staged.discard();
  expect(readdirSync(folder)).toEqual(['page.html']);
});

test('what cannot take its place leaves nothing', async () => {
  rmSync(file);
  const place = join(folder, 'folder');
  await expect(writeWholeFile(join(place, 'page.html'), bytes)).rejects.toThrow('ENOENT');
  await expect(writeWholeFile(folder, bytes)).rejects.toThrow(/EISDIR|EEXIST/);
  expect(readdirSync(folder)).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'a write that ends short, as on a full disk, is no whole file',
  () => {
    const module = pathToFileURL('dist/whole-file.js').href;
    const write = `
      import { writeWholeFile } from ${JSON.stringify(module)};
      await writeWholeFile(process.argv[1], Buffer.alloc(100_000, 'x')).catch((error) => {
        console.log(error.code);
      });`;
    const limited = 'ulimit -f 16; exec "$0" --input-type=module -e "$1" "$2"';
    const args = ['-c', limited, process.execPath, write, file];
    expect(spawnSync('sh', args, { encoding: 'utf8' }).stdout).toBe('EFBIG\n');
    expect(readFileSync(file, 'utf8')).toBe('the old page');
    expect(readdirSync(folder)).toEqual(['page.html']);
  },
);
