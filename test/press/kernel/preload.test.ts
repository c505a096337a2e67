/** The leash: a kernel does not outlive the process that started it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { preload } from '../../../src/press/kernel/preload.js';
import { isAlive } from '../../is-alive.js';

/** Starts what its arguments say, under its own process id, and waits. */
const STARTER = `
const [line, ...args] = process.argv.slice(1);
const own = line.replace('987654321', process.pid);
const options = { detached: true, stdio: ['ignore', 'inherit', 'inherit'] };
require('node:child_process').spawn(process.execPath, ['--import', own, ...args], options);
setInterval(() => 0, 1000);`;

test.each([
  ['with its folder', true],
  ['when its folder is gone already', false],
])('a kernel in a loop ends when its parent is killed, %s', async (_, folderStands) => {
  const folder = mkdtempSync(join(tmpdir(), 'leash-'));
  const args = [join(import.meta.dirname, 'busy.mjs'), 'kernel', `--config-path=${folder}/c.json`];
  const parent = spawn(process.execPath, ['-e', STARTER, preload(987654321), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(parent.stdout, 'data');
  const kernel = Number(String(text));
  expect(isAlive(kernel)).toBe(true);
  if (!folderStands) rmSync(folder, { recursive: true });
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(kernel), { timeout: 10_000 }).toBe(false);
  expect(existsSync(folder)).toBe(false);
});
