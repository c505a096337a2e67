/** A notebook made of code, for tests. */

import type { CodeCell, Notebook } from '../../../src/press/notebook/types.js';

/** One cell of a test: its code, or code with tags. */
export type CellSketch = string | { readonly code: string; readonly tags: readonly string[] };

export function notebookOf(...cells: readonly CellSketch[]): Notebook {
  return {
    path: 'lesson.ipynb',
    metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript' } },
    cells: cells.map((cell, index) => codeCell(cell, `cell-${index + 1}`)),
  };
}

function codeCell(cell: CellSketch, id: string): CodeCell {
  const { code, tags } = typeof cell === 'string' ? { code: cell, tags: undefined } : cell;
  return {
    cell_type: 'code',
    id,
    metadata: tags === undefined ? {} : { tags },
    source: code,
    execution_count: null,
    outputs: [],
  };
}
