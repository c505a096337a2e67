import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { openPrinter } from '../../../src/press/render/pdf.js';
import { browser, noBrowser, OPTIONS } from './pdf-browser.js';

const LIMITS = { launchMs: 30_000, printMs: 30_000 };

/** All that a printer leaves in a folder of temporary files that is this test's own. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marginalia-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Ids of the processes that were started with a path in the folder, the browser first. */
async function processes(): Promise<number[]> {
  const ids = (await readdir('/proc')).map(Number).filter((id) => id > 0);
  const found: number[] = [];
  for (const id of ids.sort((one, other) => one - other)) {
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(folder)) found.push(id);
  }
  return found;
}

const isLinux = process.platform === 'linux';

describe.skipIf(noBrowser || !isLinux)(`a printer${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  test('leaves no process and no file when it is closed', async () => {
    const printer = await openPrinter(browser);
    await printer.print('<p>x</p>', OPTIONS);
    expect(await processes()).not.toEqual([]);
    expect(await readdir(folder)).not.toEqual([]);
    await printer.close();
    await printer.close();
    expect(await processes()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('gives up a page that takes too long, and prints the next', async () => {
    const limits = { ...LIMITS, printMs: 2_000 };
    const printer = await openPrinter(browser, limits);
    const endless = `<p>${'word '.repeat(2_000_000)}</p>`;
    const refusal = printer.print(endless, { ...OPTIONS, title: 'Endless' });
    await expect(refusal).rejects.toThrow('expected the PDF of "Endless" within 2 s');
    expect(await processes()).toEqual([]);
    expect(await printer.print('<p>x</p>', OPTIONS)).toBeInstanceOf(Uint8Array);
    await printer.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('starts another browser when its own was killed', async () => {
    const printer = await openPrinter(browser);
    const [first = 0] = await processes();
    process.kill(first, 'SIGKILL');
    await vi.waitFor(async () => expect(await processes()).toEqual([]));
    expect(await printer.print('<p>x</p>', OPTIONS)).toBeInstanceOf(Uint8Array);
    await printer.close();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(!isLinux)('a browser that does not start', () => {
  /** A program in the place of the browser. */
  async function program(script: string, mode: number): Promise<string> {
    const path = join(folder, 'browser');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, mode);
    return path;
  }

  test.each([
    ['never answers', 'sleep 60', 0o755, 300],
    ['ends at once', 'exit 1', 0o755, 10_000],
    ['may not be run', 'exit 1', 0o644, 10_000],
  ])('because it %s, is an error with a remedy', async (_, script, mode, launchMs) => {
    const path = await program(script, mode);
    const error = await openPrinter({ path, args: [] }, { ...LIMITS, launchMs }).catch((e) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error.format()).toMatch(/^expected a browser from .*PUPPETEER_EXECUTABLE_PATH/);
    await vi.waitFor(async () => expect(await processes()).toEqual([]));
    expect(await readdir(folder)).toEqual(['browser']);
  });
});
