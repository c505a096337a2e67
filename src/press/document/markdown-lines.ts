import type { StateBlock } from 'markdown-it';

/** A source line without the indent of its list or quotation. Lines indented as code are empty, so
 *  that no rule takes them for its own. */
export function lineText(state: StateBlock, line: number): string {
  if ((state.sCount[line] ?? 0) >= state.blkIndent + 4) return '';
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  return state.src.slice(start, state.eMarks[line]);
}
