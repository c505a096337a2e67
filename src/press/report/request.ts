import type { Profile } from './config.js';
import type { Format } from './shelf.js';

/** What a build is asked for. */
export interface BuildRequest {
  /** Folder of `book.yml`. */
  readonly bookFolder: string;
  /** Paths, or beginnings of names in the book; empty for all of the book. */
  readonly notebooks: readonly string[];
  readonly formats: readonly Format[];
  readonly profile: Profile;
  readonly execute: boolean;
  /** Folder of the reports. */
  readonly out: string;
  /** How many notebooks run at once. */
  readonly jobs: number;
  /** Wall-clock limit of one cell; without it, the default of `kernel/execute.ts`. */
  readonly cellTimeoutSeconds?: number;
}
