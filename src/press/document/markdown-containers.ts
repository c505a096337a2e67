import type MarkdownIt from 'markdown-it';
import type { StateBlock } from 'markdown-it';
import { lineText } from './markdown-lines.js';

/** Kinds of callouts. */
export const CALLOUTS = ['note', 'tip', 'important', 'warning', 'caution'] as const;
const PLACEHOLDERS = ['claims', 'references'] as const;

/** `::: note Title` … `:::` around blocks, and the one-line placeholders `::: claims` and
 *  `::: references`. */
export function containerRules(md: MarkdownIt): void {
  const alt = ['paragraph', 'reference', 'blockquote', 'list'];
  md.block.ruler.before('fence', 'placeholder', placeholder, { alt });
  md.block.ruler.before('fence', 'callout', callout, { alt });
}

const PLACEHOLDER = new RegExp(`^:{3,}[ \\t]*(${PLACEHOLDERS.join('|')})[ \\t]*$`);
const OPEN = new RegExp(`^(:{3,})[ \\t]*(${CALLOUTS.join('|')})(?:[ \\t]+(.*?))?[ \\t]*$`);
const CLOSE = /^(:{3,})[ \t]*$/;

function placeholder(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const match = PLACEHOLDER.exec(lineText(state, startLine));
  if (match === null || state.level > 0) return false;
  if (silent) return true;
  const token = state.push('placeholder', '', 0);
  token.info = match[1] ?? '';
  token.map = [startLine, startLine + 1];
  // The author may close it as a callout is closed.
  const closed = startLine + 1 < endLine && CLOSE.test(lineText(state, startLine + 1));
  state.line = startLine + (closed ? 2 : 1);
  return true;
}

function callout(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const match = OPEN.exec(lineText(state, startLine));
  if (match === null) return false;
  if (silent) return true;
  const [, marker = ':::', kind = 'note', title = ''] = match;
  const last = closingLine(state, startLine, endLine, marker.length);

  const open = state.push('callout_open', 'aside', 1);
  open.block = true;
  open.info = kind;
  open.map = [startLine, last];
  pushTitle(state, kind, title, startLine);
  tokenizeInside(state, startLine + 1, last);
  state.push('callout_close', 'aside', -1).block = true;
  state.line = Math.min(last + 1, endLine);
  return true;
}

/** The line that closes: the first fence with no callout of its own still open; else the end. */
function closingLine(
  state: StateBlock,
  startLine: number,
  endLine: number,
  colons: number,
): number {
  let depth = 0;
  for (let line = startLine + 1; line < endLine; line++) {
    const text = lineText(state, line);
    const close = CLOSE.exec(text);
    if (OPEN.test(text)) depth += 1;
    else if (close !== null && depth > 0) depth -= 1;
    else if (close !== null && (close[1] ?? '').length >= colons) return line;
  }
  return endLine;
}

/** The title carries the kind of its callout, which is printed before it. */
function pushTitle(state: StateBlock, kind: string, title: string, line: number): void {
  const open = state.push('callout_title_open', 'p', 1);
  open.block = true;
  open.info = kind;
  if (title !== '') {
    const inline = state.push('inline', '', 0);
    inline.content = title;
    inline.map = [line, line + 1];
    inline.children = [];
  }
  state.push('callout_title_close', 'p', -1).block = true;
}

function tokenizeInside(state: StateBlock, from: number, to: number): void {
  const { parentType, lineMax } = state;
  state.parentType = 'blockquote';
  state.lineMax = to;
  state.md.block.tokenize(state, from, to);
  state.parentType = parentType;
  state.lineMax = lineMax;
}
