/** What the commands take from the world outside: passed in, so that a test passes its own. */

/** A browser that was launched once and works, or the reason why there is none. */
export type BrowserFinding =
  | {
      readonly path: string;
      readonly version: string;
      readonly source: string;
      readonly args: readonly string[];
    }
  | { readonly missing: string };

/** Shows what a task is doing. `passing` news is soon replaced by the next: a log may leave it out. */
export type Show = (text: string, passing?: 'passing') => void;

/** One line of the progress display. `work` gets a function that shows what it is doing, and
 *  returns what was done, in a few words. */
export interface Task {
  readonly title: string;
  readonly work: (show: Show) => Promise<string>;
}

/** What a check takes from the world outside. */
export interface CheckEffects {
  /** Folder of everything that can be made again. */
  readonly cacheFolder: string;
  /** Folder of this package: `dist`, `templates`, `node_modules`. */
  readonly packageFolder: string;
}

export interface BuildEffects extends CheckEffects {
  readonly now: () => Date;
  readonly findBrowser: () => Promise<BrowserFinding>;
  /** Runs the tasks, so many at once; a task that throws does not stop the others.
   *  Returns what was thrown, in the order of the tasks. */
  readonly runTasks: (tasks: readonly Task[], atOnce: number) => Promise<readonly unknown[]>;
  /** Does the work while no other process, and no other build of this one, holds the lock `path`. */
  readonly lock: <T>(path: string, work: () => Promise<T>) => Promise<T>;
  /** One line for the person at the terminal. */
  readonly warn: (line: string) => void;
  /** After it nothing new is begun: no cell, no report. */
  readonly finish: AbortSignal;
  /** Stops the running cell at once. */
  readonly signal: AbortSignal;
}
