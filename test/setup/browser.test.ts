import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../../setup/browser.mjs';
import { cacheFolder } from '../../setup/cache-folder.mjs';
import { temporaryFolder } from './temporary-folder.js';

const here = await findBrowser({ root: resolve('.'), cache: cacheFolder() });

describe('findBrowser', () => {
  it('takes no other browser than the one that was wished for', async () => {
    const cache = temporaryFolder();
    const env = { ...process.env, PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' };
    const found = await findBrowser({ root: resolve('.'), cache, env });
    expect(found).toEqual({
      missing: expect.stringMatching(/PATH \/nowhere\/chromium: no such file\. Install Chrome/),
    });
  });

  it('believes no program that does not print', async () => {
    const cache = temporaryFolder();
    const env = { PUPPETEER_EXECUTABLE_PATH: process.execPath };
    const found = await findBrowser({ root: resolve('.'), cache, env });
    expect(found).toHaveProperty('missing');
    expect(existsSync(join(cache, 'browser/launched.json'))).toBe(false);
  });

  it('says what to do where there is none', async () => {
    const root = temporaryFolder();
    const found = await findBrowser({ root, cache: root, env: { PATH: root } });
    expect(found).toEqual({
      missing: expect.stringMatching(/^no Chromium found\. Install Chrome/),
    });
  });

  it('names the packages of missing system libraries', async () => {
    const root = temporaryFolder();
    const script = join(root, 'chromium');
    const complaint = 'error while loading shared libraries: libnss3.so: cannot open';
    writeFileSync(script, `#!/bin/sh\necho '${complaint}' >&2\nexit 127\n`, { mode: 0o755 });
    const found = await findBrowser({ root, cache: root, env: { PATH: root } });
    expect(found).toEqual({ missing: expect.stringContaining('apt install libnss3') });
  });

  it.skipIf('missing' in here)('remembers what has printed (needs Chromium)', async () => {
    if ('missing' in here) return;
    const cache = temporaryFolder();
    const env = { ...process.env, PUPPETEER_EXECUTABLE_PATH: here.path };
    const first = await findBrowser({ root: resolve('.'), cache, env });
    expect(first).toMatchObject({ path: here.path, version: here.version, args: here.args });
    const note = join(cache, 'browser/launched.json');
    // What is remembered is what comes back: the second call launches nothing.
    writeFileSync(note, readFileSync(note, 'utf8').replace(here.version, '0.0.remembered'));
    const second = await findBrowser({ root: resolve('.'), cache, env });
    expect(second).toMatchObject({ version: '0.0.remembered' });
  });
});
