import type { BrowserFinding } from '../press/report/effects.js';

/** What the set-up scripts, which stand outside `dist`, do for the commands. */
export interface SetupEffects {
  /** Folder of everything that can be made again: engine, browser, trained models, results. */
  readonly cacheFolder: string;
  findBrowser(): Promise<BrowserFinding>;
  /** Does the work while nobody else holds the lock, which is a folder. `onWait` is called once, with
   *  the process that holds it. */
  withLock<T>(folder: string, work: () => Promise<T>, onWait: (owner: string) => void): Promise<T>;
  /** Prints the table of what is installed; resolves to the exit code. */
  doctor(): Promise<number>;
}
