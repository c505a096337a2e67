/** Sockets as JupyterLab's kernel has them. */

import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { sendAtOnce } from '../../src/lab/send-at-once.js';

const { Publisher } = createRequire(import.meta.url)('zeromq') as typeof import('zeromq');

test('a socket refuses after 512 messages, and no longer', async () => {
  const socket = new Publisher();
  await socket.bind('tcp://127.0.0.1:*');
  const send = () => Promise.all(Array.from({ length: 2000 }, async () => socket.send('news')));
  await expect(send()).rejects.toThrow('Socket is busy writing');
  await new Promise(setImmediate);
  sendAtOnce();
  await expect(send()).resolves.toHaveLength(2000);
  socket.close();
});
