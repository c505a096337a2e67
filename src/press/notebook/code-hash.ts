/** Names what a notebook executes, and nothing else. */

import { createHash } from 'node:crypto';
import { stepsOf } from './steps.js';
import { hasTag } from './tags.js';
import type { Notebook } from './types.js';

/** SHA-256, in hex, over the kernel and the code that runs: cells that are skipped or empty, prose,
 *  captions and other option lines change nothing. */
export function codeHash(notebook: Notebook): string {
  const steps = stepsOf(notebook).map(({ cell, options, code }) => ({
    code: code.trimEnd(),
    raises: options.raisesException,
    // Values are injected after the cell with this tag, so the tag decides what runs as well.
    parameters: hasTag(cell, 'parameters'),
  }));
  const executed = [notebook.metadata.kernelspec.name, ...steps];
  return createHash('sha256').update(JSON.stringify(executed)).digest('hex');
}
