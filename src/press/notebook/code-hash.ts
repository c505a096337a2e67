/** Names what a notebook executes, and nothing else. */

import { createHash } from 'node:crypto';
import { cellOptions } from './cell-options.js';
import type { CodeCell, Notebook } from './types.js';

/** SHA-256, in hex, over the kernel and the code that runs: cells that are skipped or empty, prose,
 *  captions and other option lines change nothing. */
export function codeHash(notebook: Notebook): string {
  const steps = notebook.cells
    .filter((cell) => cell.cell_type === 'code')
    .flatMap((cell) => step(cell, notebook.path));
  const executed = [notebook.metadata.kernelspec.name, ...steps];
  return createHash('sha256').update(JSON.stringify(executed)).digest('hex');
}

function step(cell: CodeCell, file: string): object[] {
  const { options, code } = cellOptions(cell, { file });
  if (options.skipExecution || code.trim() === '') return [];
  // Values are injected after the cell with this tag, so the tag decides what runs as well.
  const parameters = cell.metadata.tags?.includes('parameters') ?? false;
  return [{ code: code.trimEnd(), raises: options.raisesException, parameters }];
}
