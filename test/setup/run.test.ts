import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** A process that waits for another, and says so. */
const WAITING = `
import { run } from ${JSON.stringify(pathToFileURL('setup/run.mjs').href)};
run(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { timeoutMs: 60_000 });
console.log('waiting');`;

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while a command runs ends with exit code %i', async (signal, code) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WAITING]);
  await once(child.stdout, 'data');
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([code, null]);
});
