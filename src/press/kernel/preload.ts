/** What runs in the kernel's process before tslab does, as text for `node --import`. */

/** Four repairs, in the kernel alone: processes and threads that a cell starts inherit the line and
 *  skip it. They are made in the tslab that will run: one that the notebook's folder has goes first.
 *
 *  When the process `parent` is gone, however it went, so are the kernel, all that its cells started
 *  and its files: nobody else would see to it. A thread of its own watches, since a cell in a loop
 *  lets nothing else run.
 *
 *  A zeromq socket sends the first 512 messages of a synchronous stretch at once and refuses the
 *  next: of a loop that prints 1,000 lines half were lost, and the news that the cell has ended with
 *  them; so were replies, after many questions at once. Without a send timeout it always sends at once,
 *  and without a mark it drops nothing.
 *
 *  tslab reads from its sockets while they are still being bound, which zeromq refuses: when the first
 *  message came too early, on a busy machine, it never read another, and the first cell waited forever.
 *  A socket is read once it is bound.
 *
 *  tslab watches the files that cells import, for notebooks that stay open, and trips over two changes
 *  at once: packages that were compiled again ended a run. A run sees each file as it first found it. */
const code = (parent: number): string => `
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
if (process.argv[2] === 'kernel') {
  const folder = dirname(process.argv[3].replace('--config-path=', ''));
  new Worker(${JSON.stringify(WATCH)}, {
    eval: true,
    execArgv: [],
    workerData: { folder, parent: ${parent} },
  }).unref();
  let tslab = process.argv[1];
  try {
    tslab = createRequire(join(process.cwd(), 'cell')).resolve('tslab/dist/main.js');
  } catch {}
  const ofTslab = createRequire(tslab);
  const { sys } = ofTslab('@tslab/typescript-for-tslab');
  sys.watchFile = sys.watchDirectory = () => ({ close() {} });
  const { Publisher, Router } = ofTslab('zeromq');
  const change = ({ prototype }, name, changed) => {
    const value = changed(prototype[name]);
    Object.defineProperty(prototype, name, { configurable: true, value });
  };
  const bound = new WeakMap();
  for (const Sender of [Publisher, Router]) {
    change(Sender, 'bind', (bind) => function (address) {
      this.sendTimeout = 0;
      this.sendHighWaterMark = 0;
      bound.set(this, bind.call(this, address));
      return bound.get(this);
    });
  }
  change(Router, 'receive', (receive) => async function () {
    await undefined; // tslab asks to read first, and binds in the same turn
    await bound.get(this);
    return receive.call(this);
  });
}`;

/** The kernel leads a process group. */
const WATCH = `
const { rmSync } = require('node:fs');
const { workerData: { folder, parent } } = require('node:worker_threads');
setInterval(() => {
  if (process.ppid === parent) return;
  rmSync(folder, { recursive: true, force: true });
  process.kill(-process.pid, 'SIGKILL');
}, 500);`;

/** The module for a kernel that the process `parent` starts. */
export function preload(parent: number): string {
  return `data:text/javascript,${encodeURIComponent(code(parent))}`;
}
