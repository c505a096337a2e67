/** What `build` does when the links to the native engine are gone, as `npm ci` leaves it. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../setup/cache-folder.mjs';
import { rememberedEngine } from '../../setup/engine-probe.mjs';
import { keptLibraries } from '../../setup/engine-wheel.mjs';
import { temporaryFolder } from './temporary-folder.js';

const LINKS = /tfjs-node\/(?:deps|lib)(?:\/|$)/;
const usual = resolve('node_modules');

/** A project with our packages, of which tfjs-node is as npm brings it. */
function afterInstall(): string {
  const root = temporaryFolder();
  const packages = join(root, 'node_modules');
  mkdirSync(join(packages, '@tensorflow'), { recursive: true });
  const names = readdirSync(usual).filter((name) => name !== '@tensorflow' && name[0] !== '.');
  const scoped = readdirSync(join(usual, '@tensorflow')).map((name) => `@tensorflow/${name}`);
  for (const name of [...names, ...scoped]) {
    const [from, to] = [join(usual, name), join(packages, name)];
    if (name !== '@tensorflow/tfjs-node') symlinkSync(from, to);
    else cpSync(from, to, { recursive: true, filter: (path) => !LINKS.test(path) });
  }
  return root;
}

/** What it says, in a process of its own. */
function mend(root: string, cache: string, variables: NodeJS.ProcessEnv = {}): string {
  const module = pathToFileURL('setup/engine.mjs').href;
  const where = JSON.stringify({ root, cache });
  const code = `import { mendEngine } from '${module}'; await mendEngine(${where});`;
  const { MARGINALIA_ENGINE: _, ...env } = process.env;
  const options = { env: { ...env, ...variables }, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], options).stderr;
}

describe('mendEngine', () => {
  const hasLibraries = existsSync(keptLibraries(cacheFolder()));

  it.skipIf(!hasLibraries)('links what the cache holds (needs the libraries there)', async () => {
    const root = afterInstall();
    expect(await rememberedEngine(root)).toBeNull();
    expect(mend(root, cacheFolder())).toBe('');
    expect(await rememberedEngine(root)).toMatchObject({ name: 'TensorFlow' });
  });

  it('says in one line that there is none, and what to do, and fetches nothing', () => {
    const [root, cache] = [afterInstall(), temporaryFolder()];
    expect(mend(root, cache)).toBe(
      'warning: no native engine: cells compute in plain JavaScript, 20 times slower. ' +
        'npx marginalia setup sets it up; MARGINALIA_ENGINE=cpu says that this is meant\n',
    );
    expect(mend(root, cache, { MARGINALIA_ENGINE: 'cpu' })).toBe('');
  });

  it('leaves alone what another project has installed', () => {
    expect(mend(temporaryFolder(), temporaryFolder())).toBe('');
  });
});
