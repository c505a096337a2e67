import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wrongDataFiles } from '../../setup/data.mjs';
import { doctor } from '../../setup/doctor.mjs';
import { temporaryFolder } from './temporary-folder.js';

async function examined(root: string, env: NodeJS.ProcessEnv) {
  let text = '';
  const where = { root, cache: temporaryFolder(), env: { PATH: root, ...env } };
  const code = await doctor(where, (part) => {
    text += part;
  });
  return { code, text };
}

describe('doctor', () => {
  it('lets reports be built without the native engine and without a browser', async () => {
    const none = { PUPPETEER_EXECUTABLE_PATH: '/nowhere', MARGINALIA_ENGINE: 'cpu' };
    const { code, text } = await examined(resolve('.'), none);
    expect(text).toMatch(/^browser +none, so no PDF$/m);
    expect(text).toMatch(/^data +MNIST, 4 files, SHA-256 as published$/m);
    expect(text).toMatch(/Reports can be built\.\n$/);
    expect(code).toBe(0);
  });

  it('says in an empty folder what is missing and what to do', async () => {
    const { code, text } = await examined(temporaryFolder(), {});
    expect(text).toMatch(/^engine: run npx marginalia setup/m);
    expect(text).toMatch(/^packages: run npm ci$/m);
    expect(text).toMatch(/No report can be built yet\.\n$/);
    expect(code).toBe(1);
  });
});

describe('wrongDataFiles', () => {
  it('names files that are missing or changed', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), 'not the labels');
    const wrong = await wrongDataFiles(folder);
    expect(wrong).toHaveLength(4);
    expect(wrong).toContain('t10k-labels-idx1-ubyte');
  });
});
