import type { Place } from '../../errors.js';
import { cellOptions } from './cell-options.js';
import { isInjected } from './tags.js';
import type { CellOptions, CodeCell, Notebook } from './types.js';

/** One cell that a run executes. */
export interface Step {
  readonly cell: CodeCell;
  /** Its place in the notebook that the author wrote: an injected cell counts as the one before it. */
  readonly where: Place;
  readonly options: CellOptions;
  readonly code: string;
  /** Line of the cell at which the code begins, from 1. */
  readonly startLine: number;
}

/** The cells that a run executes, in order. */
export function stepsOf({ cells, path }: Notebook): Step[] {
  let position = 0;
  return cells.flatMap((cell): Step[] => {
    if (!isInjected(cell)) position += 1;
    if (cell.cell_type !== 'code') return [];
    const { options, code, codeStartLine } = cellOptions(cell, { file: path });
    if (options.skipExecution || code.trim() === '') return [];
    const label = options.label === undefined ? {} : { label: options.label };
    const where = { file: path, cell: position, ...label };
    return [{ cell, where, options, code, startLine: codeStartLine }];
  });
}
