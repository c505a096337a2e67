/** What JupyterLab's kernel needs: it starts tslab by itself, without the preload of `press/kernel`. */

import { loadedModules } from './loaded-modules.js';

interface Sender {
  readonly prototype: { send(this: { sendTimeout: number }, ...parts: unknown[]): Promise<void> };
}

let isDone = false;

/** Sockets of the running kernel's zeromq send at once, as the preload has it. With a send timeout every
 *  513th message waits for the event loop, and what the cell says meanwhile is refused: outputs were lost,
 *  and with the news that the cell has ended JupyterLab waited for it forever. Once is enough. */
export function sendAtOnce(): void {
  if (isDone) return;
  isDone = true;
  for (const zeromq of loadedModules(/[\\/]zeromq[\\/]lib[\\/]index\.js$/)) {
    const { Publisher, Router } = zeromq as { Publisher: Sender; Router: Sender };
    for (const { prototype } of [Publisher, Router]) {
      const { send } = prototype;
      const value: typeof send = function (...parts) {
        if (this.sendTimeout !== 0) this.sendTimeout = 0;
        return send.apply(this, parts);
      };
      Object.defineProperty(prototype, 'send', { configurable: true, value });
    }
  }
}
