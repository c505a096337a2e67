import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { areInstalled } from '../../setup/dependencies.mjs';
import { packageFolder } from '../../setup/package-folder.mjs';
import { dependencyFolder } from '../../src/press/report/dependency-folder.js';
import { temporaryFolder } from './temporary-folder.js';

/** What npm makes of a project that depends on this one, and on another version of `b`. */
function installed(): { readonly packages: string; readonly root: string } {
  const packages = join(temporaryFolder(), 'node_modules');
  const root = join(packages, 'marginalia');
  for (const folder of ['a', 'b', 'marginalia/node_modules/b']) {
    mkdirSync(join(packages, folder), { recursive: true });
  }
  const dependencies = { a: '1.0.0', b: '1.0.0' };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies }));
  return { packages, root };
}

describe('where this project is installed itself', () => {
  it('finds packages beside it, and first within it', () => {
    const { packages, root } = installed();
    for (const folderOf of [packageFolder, dependencyFolder]) {
      expect(folderOf(root, 'a')).toBe(join(packages, 'a'));
      expect(folderOf(root, 'b')).toBe(join(root, 'node_modules/b'));
    }
  });

  it('misses a package that is in neither place', async () => {
    const { root } = installed();
    expect(await areInstalled(root)).toBe(true);
    const dependencies = { a: '1.0.0', c: '1.0.0' };
    writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies }));
    expect(await areInstalled(root)).toBe(false);
  });
});

it('looks nowhere else in a clone', () => {
  const root = temporaryFolder();
  expect(packageFolder(root, 'a')).toBe(join(root, 'node_modules/a'));
});
