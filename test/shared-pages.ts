/** One page cache for all desks of a test run, empty at its beginning: fonts are cut once, not for
 *  each desk. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder. */
    readonly pages: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-test-pages-'));
  project.provide('pages', folder);
  return () => rm(folder, { recursive: true, force: true });
}
