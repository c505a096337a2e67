import type MarkdownIt from 'markdown-it';
import type { StateInline } from 'markdown-it';

/** One entry of a bracket: `see @goodfellow2015, sec. 4`. */
export interface CitationItem {
  readonly key: string;
  /** What stands before the key: `see`. */
  readonly prefix?: string;
  /** What stands after the comma: `sec. 4`. */
  readonly locator?: string;
  /** `-@key`: without the authors, who stand in the sentence already. */
  readonly bare: boolean;
}

const REFERENCE_KINDS = ['fig', 'tbl', 'eq', 'sec'] as const;

/** `{{name | filter}}` for values; `@fig-x`, `[-@fig-x]` for references; `@key` and
 *  `[@key, sec. 3; @other]` for citations. The rules only mark: filling in comes later. */
export function markRules(md: MarkdownIt): void {
  md.inline.ruler.before('link', 'value', valueMark);
  md.inline.ruler.before('link', 'bracket', bracketMark);
  md.inline.ruler.before('link', 'mention', mention);
}

const VALUE = /\{\{([^{}\n]*)\}\}/y;

function valueMark(state: StateInline, silent: boolean): boolean {
  const match = matchAt(VALUE, state);
  if (match === null) return false;
  if (!silent) {
    const [name = '', filter = '', ...rest] = (match[1] ?? '')
      .split('|')
      .map((part) => part.trim());
    const token = state.push('value', '', 0);
    token.markup = match[0];
    token.meta = { name, filter: [filter, ...rest].join('|') };
  }
  state.pos += match[0].length;
  return true;
}

const LABEL = new RegExp(`^(?:${REFERENCE_KINDS.join('|')})-`);
const MENTION = /@([\p{L}\d_](?:[\w:.-]*\w)?)/uy;

function mention(state: StateInline, silent: boolean): boolean {
  const before = state.src[state.pos - 1] ?? ' ';
  const match = matchAt(MENTION, state);
  // A letter before the sign makes it an address: someone@example.org.
  if (match === null || /[\w.@+]/.test(before)) return false;
  const name = match[1] ?? '';
  if (!silent) {
    const isLabel = LABEL.test(name);
    const token = state.push(isLabel ? 'reference' : 'citation', '', 0);
    token.markup = match[0];
    token.meta = isLabel
      ? { target: name, bare: false }
      : { items: [{ key: name, bare: false }], narrative: true };
  }
  state.pos += match[0].length;
  return true;
}

const BRACKET = /\[([^[\]]*@[^[\]]*)\](?![([])/y;
const ITEM = /^(?:(.*?)\s)?(-?)@([\p{L}\d_](?:[\w:.-]*\w)?)\s*(?:,\s*(.+))?$/su;

function bracketMark(state: StateInline, silent: boolean): boolean {
  const match = matchAt(BRACKET, state);
  if (match === null) return false;
  const items = parseItems(match[1] ?? '');
  if (items === null) return false;
  if (!silent) pushBracket(state, items, match[0]);
  state.pos += match[0].length;
  return true;
}

function parseItems(text: string): CitationItem[] | null {
  const items: CitationItem[] = [];
  for (const part of text.split(';')) {
    const match = ITEM.exec(part.trim());
    if (match === null) return null;
    const [, prefix, minus, key = '', locator] = match;
    items.push({
      key,
      bare: minus === '-',
      ...(prefix !== undefined && { prefix }),
      ...(locator !== undefined && { locator: locator.trim() }),
    });
  }
  return items;
}

/** Labels in a bracket are references one after the other; anything else is one citation. */
function pushBracket(state: StateInline, items: readonly CitationItem[], markup: string): void {
  if (!items.every((item) => LABEL.test(item.key))) {
    const token = state.push('citation', '', 0);
    token.markup = markup;
    token.meta = { items, narrative: false };
    return;
  }
  items.forEach((item, index) => {
    const joint = index === 0 ? '' : index === items.length - 1 ? ' and ' : ', ';
    const words = `${joint}${item.prefix === undefined ? '' : `${item.prefix} `}`;
    if (words !== '') state.push('text', '', 0).content = words;
    const token = state.push('reference', '', 0);
    token.markup = markup;
    token.meta = { target: item.key, bare: item.bare };
    if (item.locator !== undefined) state.push('text', '', 0).content = `, ${item.locator}`;
  });
}

function matchAt(pattern: RegExp, state: StateInline): RegExpExecArray | null {
  pattern.lastIndex = state.pos;
  const match = pattern.exec(state.src);
  return match !== null && pattern.lastIndex <= state.posMax ? match : null;
}
