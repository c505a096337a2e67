/** One kernel, cell by cell: interrupted and going on, ended and started anew. */

import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { collector } from '../../../src/press/kernel/collector.js';
import { connectKernel, type Kernel } from '../../../src/press/kernel/connection.js';
import { launchKernel } from '../../../src/press/kernel/kernel-process.js';
import { runCell } from '../../../src/press/kernel/run-cell.js';

async function withKernel(use: (kernel: Kernel) => Promise<void>): Promise<void> {
  const process = launchKernel({ cwd: tmpdir(), env: {} });
  const kernel = await connectKernel(process, { startTimeoutSeconds: 60 });
  await use(kernel).finally(kernel.close);
}

/** What a cell printed, or how it failed. */
async function run(kernel: Kernel, code: string): Promise<string> {
  const collected = collector(new Map(), () => undefined);
  const { failure } = await runCell(kernel, code, collected, { timeoutSeconds: 30 });
  const texts = collected.outputs(failure?.writes).map((output) => 'text' in output && output.text);
  return [...texts, ...(failure === undefined ? [] : [failure.output.evalue])].join('');
}

test.each([
  ['a loop', 'while (true) {}'],
  ['a wait', 'await new Promise(() => setInterval(() => 0, 1000))'],
])('%s is interrupted, and the kernel goes on with what it knows', async (_, code) => {
  await withKernel(async (kernel) => {
    await run(kernel, 'let count = 41;');
    const running = run(kernel, code);
    setTimeout(kernel.process.interrupt, 500);
    expect(await running).toMatch(/interrupt/i);
    expect(await run(kernel, 'count + 1')).toBe('42\n');
  });
});

test('a kernel that is started anew knows nothing of the one before', async () => {
  await withKernel(async (first) => {
    expect(await run(first, 'let count = 41; count')).toBe('41\n');
  });
  await withKernel(async (second) => {
    expect(await run(second, 'count')).toBe("Cannot find name 'count'.");
  });
});
