import type MarkdownIt from 'markdown-it';
import type { StateCore, Token } from 'markdown-it';
import { CALLOUTS } from './markdown-containers.js';

const MARK = new RegExp(`^\\[!(${CALLOUTS.join('|')})\\][ \\t]*(?:\\n|$)`, 'i');

/** GitHub's form of a callout, a quotation whose first line is `[!NOTE]`, becomes what `::: note`
 *  gives. */
export function alertRule(md: MarkdownIt): void {
  md.core.ruler.after('block', 'alert', (state) => {
    const isAlert: boolean[] = [];
    const tokens: Token[] = [];
    for (let at = 0; at < state.tokens.length; at++) {
      const token = state.tokens[at] as Token;
      tokens.push(token);
      if (token.type === 'blockquote_open') {
        const mark = markAfter(state.tokens, at);
        isAlert.push(mark !== null);
        if (mark === null) continue;
        tokens.push(...opened(token, mark, state));
        if (withoutMark(state.tokens[at + 2] as Token, mark)) at += 3;
      } else if (token.type === 'blockquote_close' && isAlert.pop()) {
        token.type = 'callout_close';
        token.tag = 'aside';
      }
    }
    state.tokens = tokens;
  });
}

function markAfter(tokens: readonly Token[], at: number): RegExpExecArray | null {
  const starts = tokens[at + 1]?.type === 'paragraph_open';
  return starts ? MARK.exec(tokens[at + 2]?.content ?? '') : null;
}

/** Turns the opening of the quotation into that of a callout; gives the tokens of its title. */
function opened(token: Token, mark: RegExpExecArray, { Token: Made }: StateCore): Token[] {
  token.type = 'callout_open';
  token.tag = 'aside';
  token.markup = '';
  token.info = (mark[1] ?? '').toLowerCase();
  const open = new Made('callout_title_open', 'p', 1);
  const close = new Made('callout_title_close', 'p', -1);
  open.info = token.info;
  open.block = true;
  close.block = true;
  return [open, close];
}

/** Takes the mark out of the first paragraph; true when nothing is left of that. */
function withoutMark(inline: Token, mark: RegExpExecArray): boolean {
  inline.content = inline.content.slice(mark[0].length);
  if (inline.map !== null) inline.map = [inline.map[0] + 1, inline.map[1]];
  return inline.content === '';
}
