/** The two sockets of a kernel. */

import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { connectKernel } from '../../../src/press/kernel/connection.js';
import { launchKernel } from '../../../src/press/kernel/kernel-process.js';

test('many questions at once are all answered, and the kernel goes on', async () => {
  const process = launchKernel({ cwd: tmpdir(), env: {} });
  try {
    const kernel = await connectKernel(process, { startTimeoutSeconds: 60 });
    const questions = Array.from({ length: 400 }, () => kernel.request('kernel_info_request', {}));
    const replies = await Promise.all(questions);
    expect(new Set(replies.map(({ type }) => type))).toEqual(new Set(['kernel_info_reply']));
    const execution = { code: '6 * 7', silent: false, store_history: true };
    const { content } = await kernel.request('execute_request', execution);
    expect(content.status).toBe('ok');
    await kernel.close();
  } finally {
    await process.remove();
  }
});
