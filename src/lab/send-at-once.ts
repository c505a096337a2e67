/** What JupyterLab's kernel needs: it starts tslab by itself, without the preload of `press/kernel`. */

import { createRequire } from 'node:module';

interface Sender {
  readonly prototype: { send(this: { sendTimeout: number }, ...parts: unknown[]): Promise<void> };
}

/** Sockets of the running kernel's zeromq send at once, as the preload has it. With a send timeout every
 *  513th message waits for the event loop, and what the cell says meanwhile is refused: outputs were lost,
 *  and with the news that the cell has ended JupyterLab waited for it forever. */
export function sendAtOnce(): void {
  const modules = createRequire(import.meta.url).cache;
  for (const [path, module] of Object.entries(modules)) {
    if (module === undefined || !/[\\/]zeromq[\\/]lib[\\/]index\.js$/.test(path)) continue;
    const { Publisher, Router } = module.exports as { Publisher: Sender; Router: Sender };
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
