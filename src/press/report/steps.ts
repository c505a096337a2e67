import type { Place } from '../../errors.js';
import { cellOptions } from '../notebook/cell-options.js';
import type { CellOptions, CodeCell, Notebook } from '../notebook/types.js';

/** One cell that a run executes. */
export interface Step {
  readonly cell: CodeCell;
  readonly where: Place;
  readonly options: CellOptions;
  readonly code: string;
  /** Line of the cell at which the code begins, from 1. */
  readonly startLine: number;
}

/** The cells that a run executes, in order; cells are counted without the injected one, which the
 *  author's file lacks. */
export function stepsOf({ cells, path }: Notebook): Step[] {
  const own = cells.filter(({ metadata }) => !metadata.tags?.includes('injected-parameters'));
  return own.flatMap((cell, index): Step[] => {
    if (cell.cell_type !== 'code') return [];
    const { options, code, codeStartLine } = cellOptions(cell, { file: path });
    if (options.skipExecution || code.trim() === '') return [];
    const label = options.label === undefined ? {} : { label: options.label };
    const where = { file: path, cell: index + 1, ...label };
    return [{ cell, where, options, code, startLine: codeStartLine }];
  });
}
