import type { Cell, Notebook } from './types.js';

export function hasTag({ metadata }: Cell, tag: string): boolean {
  return metadata.tags?.includes(tag) ?? false;
}

/** The cell of parameters that a run puts in; the author's file lacks it. */
export const INJECTED = 'injected-parameters';

export function isInjected(cell: Cell): boolean {
  return hasTag(cell, INJECTED);
}

/** The notebook as its author wrote it. */
export function withoutInjected(notebook: Notebook): Notebook {
  return { ...notebook, cells: notebook.cells.filter((cell) => !isInjected(cell)) };
}
