import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { areInstalled } from '../../setup/dependencies.mjs';
import { temporaryFolder } from './temporary-folder.js';

const A = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };
const NEWER = { 'node_modules/a': { version: '1.1.0', integrity: 'sha512-a2' } };
const B = { 'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' } };
const OTHER_PLATFORM = { 'node_modules/b-win32': { version: '2.0.0', optional: true } };

type Packages = { [path: string]: { version: string } };

const CASES: [title: string, wanted: Packages, found: Packages | null, installed: boolean][] = [
  ['nothing installed', { ...A }, null, false],
  ['the same', { ...A, ...B }, { ...A, ...B }, true],
  ['a package is missing', { ...A, ...B }, { ...A }, false],
  ['another version', { ...NEWER }, { ...A }, false],
  ['a package too many', { ...A }, { ...A, ...B }, false],
  ['an optional package of another platform', { ...A, ...OTHER_PLATFORM }, { ...A }, true],
];

describe('areInstalled', () => {
  it.each(CASES)('%s', async (_, wanted, found, installed) => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'node_modules'));
    const project = { '': { version: '0.1.0' } };
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { ...project, ...wanted } }),
    );
    if (found !== null) {
      const note = join(root, 'node_modules/.package-lock.json');
      writeFileSync(note, JSON.stringify({ packages: found }));
    }
    expect(await areInstalled(root)).toBe(installed);
  });
});
