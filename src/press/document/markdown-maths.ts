import type MarkdownIt from 'markdown-it';
import type { StateBlock, StateInline } from 'markdown-it';
import { lineText } from './markdown-lines.js';

/** `$…$` in a line, and `$$…$$` as a block that `{#eq-id}` may label. */
export function mathsRules(md: MarkdownIt): void {
  md.inline.ruler.after('escape', 'math_inline', inlineMaths);
  md.block.ruler.before('fence', 'math_block', blockMaths, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

// No space inside the dollars and no digit after them, so that "$5 and $6" stays money.
const INLINE = /(\${1,2})(?=[^\s$])((?:\\[\s\S]|[^\\$])*?(?:\\[\s\S]|[^\\$\s]))\1(?![\d$])/y;

function inlineMaths(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '$') return false;
  INLINE.lastIndex = state.pos;
  const match = INLINE.exec(state.src);
  if (match === null || INLINE.lastIndex > state.posMax) return false;
  if (!silent) {
    const token = state.push('math_inline', '', 0);
    token.content = match[2] ?? '';
    token.markup = match[1] ?? '$';
  }
  state.pos += match[0].length;
  return true;
}

const END = /\$\$[ \t]*(?:\{#(eq-[\w-]+)\})?[ \t]*$/;

function blockMaths(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const first = lineText(state, startLine);
  if (!first.startsWith('$$')) return false;
  const lines: string[] = [];
  for (let line = startLine; line < endLine; line++) {
    const text = line === startLine ? first.slice(2) : rawLine(state, line);
    const end = END.exec(text);
    if (end === null) {
      lines.push(text);
      continue;
    }
    if (silent) return true;
    lines.push(text.slice(0, end.index));
    const token = state.push('math_block', '', 0);
    token.block = true;
    token.content = lines.join('\n').trim();
    token.markup = '$$';
    token.map = [startLine, line + 1];
    if (end[1] !== undefined) token.meta = { id: end[1] };
    state.line = line + 1;
    return true;
  }
  return false;
}

function rawLine(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line], state.eMarks[line]).trim();
}
