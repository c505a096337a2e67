import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDist, isBuilt } from '../../setup/build.mjs';
import { temporaryFolder } from './temporary-folder.js';

const SETTINGS = {
  compilerOptions: {
    rootDir: 'src',
    outDir: 'dist',
    declaration: true,
    types: [],
    incremental: true,
    tsBuildInfoFile: 'dist/.tsbuildinfo',
  },
  include: ['src'],
};

/** A project of two sources that borrows our compiler. */
function project(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'src'));
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(resolve('node_modules/typescript'), join(root, 'node_modules/typescript'));
  writeFileSync(join(root, 'tsconfig.json'), '{}');
  writeFileSync(join(root, 'tsconfig.build.json'), JSON.stringify(SETTINGS));
  writeFileSync(join(root, 'src/one.ts'), 'export const one: number = 1;\n');
  writeFileSync(join(root, 'src/two.ts'), 'export const two: number = 2;\n');
  return root;
}

describe('buildDist', () => {
  it('compiles when there is no dist, when a source changes and when one goes', async () => {
    const root = project();
    expect(isBuilt(root)).toBe(false);
    await buildDist(root);
    expect(isBuilt(root)).toBe(true);

    writeFileSync(join(root, 'src/one.ts'), 'export const one: number = 11;\n');
    expect(isBuilt(root)).toBe(false);
    await buildDist(root);
    expect(readFileSync(join(root, 'dist/one.js'), 'utf8')).toContain('11');

    rmSync(join(root, 'src/two.ts'));
    await buildDist(root);
    expect(existsSync(join(root, 'dist/two.js'))).toBe(false);
    expect(existsSync(join(root, 'dist/one.d.ts'))).toBe(true);
  });

  it('writes all again when dist was thrown away', async () => {
    const root = project();
    await buildDist(root);
    rmSync(join(root, 'dist/.sources'));
    rmSync(join(root, 'dist/one.js'));
    await buildDist(root);
    expect(existsSync(join(root, 'dist/one.js'))).toBe(true);
  });

  it('says how to install the packages when there are none', async () => {
    const root = project();
    rmSync(join(root, 'node_modules'), { recursive: true });
    await expect(buildDist(root)).rejects.toThrow(/packages in node_modules.*run npm start/);
    expect(existsSync(join(root, 'node_modules'))).toBe(false);
  });

  it('names the first mistake, and does not take that dist for good', async () => {
    const root = project();
    writeFileSync(join(root, 'src/one.ts'), "export const one: number = 'one';\n");
    await expect(buildDist(root)).rejects.toThrow(/does not compile: src\/one\.ts\(1,14\)/);
    expect(isBuilt(root)).toBe(false);
  });
});
