import { tasklist } from '@mdit/plugin-tasklist';
import MarkdownIt from 'markdown-it';
import definitionList from 'markdown-it-deflist';
import footnote from 'markdown-it-footnote';
import type { Place } from '../../errors.js';
import type { MimeBundle } from '../notebook/types.js';
import { alertRule } from './markdown-alerts.js';
import { containerRules } from './markdown-containers.js';
import { checkLinks } from './markdown-links.js';
import { markRules } from './markdown-marks.js';
import { mathsRules } from './markdown-maths.js';
import { placeOf, type Report, type SourceToken, toSourceTokens } from './source-token.js';

export interface MarkdownPlace {
  readonly where: Place;
  /** Pictures that the cell carries; no other picture may be shown. */
  readonly attachments?: { readonly [name: string]: MimeBundle };
}

const parser: MarkdownIt = MarkdownIt({ html: false, linkify: false, typographer: true })
  .use(footnote)
  .use(definitionList)
  .use(tasklist, { label: false, containerClass: 'tasks', itemClass: 'task' })
  .use(mathsRules)
  .use(markRules)
  .use(containerRules)
  .use(alertRule)
  .use(headingRule);
// Every address is let through here and judged by checkLinks, which can say what was wrong.
parser.validateLink = () => true;

/** Block tokens of a Markdown text. Raw HTML stays text; code and maths are never touched. */
export function parseMarkdown(text: string, place: MarkdownPlace, report: Report): SourceToken[] {
  const tokens = toSourceTokens(parser.parse(text, {}));
  checkUnread(tokens, place.where, report);
  return checkLinks(tokens, place, report);
}

/** Inline tokens of one line or caption. */
export function parseInline(text: string, place: MarkdownPlace, report: Report): SourceToken[] {
  const tokens = toSourceTokens(parser.parseInline(text, {}));
  checkUnread(tokens, place.where, report);
  return checkLinks(tokens[0]?.children ?? [], place, report);
}

const HEADING_END = /[ \t]*\{(?:#([\p{L}][\p{L}\d_-]*))?[ \t]*(-)?\}[ \t]*$/u;

/** `## Title {#sec-id}` names a heading; `{-}` leaves it without a number. */
function headingRule(md: MarkdownIt): void {
  md.core.ruler.after('block', 'heading_end', (state) => {
    state.tokens.forEach((token, index) => {
      const inline = state.tokens[index + 1];
      if (token.type !== 'heading_open' || inline === undefined) return;
      const match = HEADING_END.exec(inline.content);
      if (match === null || (match[1] === undefined && match[2] === undefined)) return;
      inline.content = inline.content.slice(0, match.index);
      token.meta = { ...(match[1] && { id: match[1] }), ...(match[2] && { unnumbered: true }) };
    });
  });
}

const UNREAD = [
  {
    pattern: /^\$\$/,
    rule: 'maths-closes',
    message: 'display maths is opened and not closed',
    hint: 'End it with $$ on the same or a later line, without an empty list item between.',
  },
  {
    pattern: /^:{3,}\s*\S/,
    rule: 'container-known',
    message:
      'expected ::: note, tip, important, warning, caution, claims or references, got something else',
    hint: 'Write ::: with one of these names at the start of a line of its own.',
  },
  {
    pattern: /\{\{/,
    rule: 'value-reads',
    message: 'a value is opened with {{ and not closed',
    hint: 'Write {{name | percent 1}}; inside a table write \\| for the bar.',
  },
];

/** Braces that TeX would print as they are; `{{a}}` alone is a group of its. */
const VALUE_IN_MATHS = /\{\{\s*[a-z][\w.-]*\s*\|[^{}]*\}\}|\{\{\s*[a-z][\w-]*\.[\w.-]+\s*\}\}/i;

const IN_MATHS = {
  rule: 'value-reads',
  message: 'a value stands within maths, where it is not filled in',
  hint: 'Close the maths before it: $n =$ {{name | integer}}.',
};

/** Marks that no rule took and that would stand in the page as they were typed. */
function checkUnread(tokens: readonly SourceToken[], where: Place, report: Report): void {
  for (const token of tokens) {
    for (const piece of token.type === 'inline' ? (token.children ?? []) : [token]) {
      const unread = unreadIn(piece);
      if (unread === undefined) continue;
      const { rule, message, hint } = unread;
      report({ rule, severity: 'warning', where: placeOf(piece, where), message, hint });
    }
  }
}

function unreadIn({ type, content = '' }: SourceToken): typeof IN_MATHS | undefined {
  if (type === 'text') return UNREAD.find(({ pattern }) => pattern.test(content));
  const isMaths = type === 'math_inline' || type === 'math_block';
  return isMaths && VALUE_IN_MATHS.test(content) ? IN_MATHS : undefined;
}
