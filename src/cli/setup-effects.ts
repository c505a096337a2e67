import type { BrowserFinding } from '../press/report/effects.js';

/** What the set-up scripts, which stand outside `dist`, do for the commands. */
export interface SetupEffects {
  findBrowser(): Promise<BrowserFinding>;
  /** Prints the table of what is installed; resolves to the exit code. */
  doctor(): Promise<number>;
}
