/** What runs in the kernel's process before tslab does, as text for `node --import`. */

/** Two repairs, in the kernel alone: processes that a cell forks inherit the line and skip it.
 *
 *  When this process is gone, however it went, so are the kernel and its files: nobody else would
 *  see to it.
 *
 *  A zeromq socket sends the first 512 messages of a synchronous stretch at once and refuses the
 *  next: of a loop that prints 1,000 lines half were lost, and the news that the cell has ended with
 *  them. Without a send timeout it always sends at once, and without a mark it drops nothing. */
const CODE = `
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
if (process.argv[2] === 'kernel') {
  process.on('disconnect', () => {
    rmSync(dirname(process.argv[3].replace('--config-path=', '')), { recursive: true });
    process.exit();
  });
  process.channel.unref();
  const { Publisher } = createRequire(process.argv[1])('zeromq');
  const { bind } = Publisher.prototype;
  const value = function (address) {
    this.sendTimeout = 0;
    this.sendHighWaterMark = 0;
    return bind.call(this, address);
  };
  Object.defineProperty(Publisher.prototype, 'bind', { value });
}`;

export const preload: string = `data:text/javascript,${encodeURIComponent(CODE)}`;
