import type { Place } from '../../errors.js';
import { missingExhibit } from './exhibit-checks.js';
import { type Exhibit, partLetter } from './exhibits.js';
import { freeId, slug } from './heading-id.js';
import { plainText } from './plain-text.js';
import type { CodePart, Part } from './read-cells.js';
import { placeOf, type Report, type SourceToken } from './source-token.js';

/** What a reference may point to. */
interface Label {
  /** Element id, which is the label itself. */
  readonly id: string;
  /** `3.2`; empty for a heading without a number. */
  readonly number: string;
  /** `Figure 3`, with a no-break space. */
  readonly text: string;
  readonly where: Place;
}

interface HeadingNumber {
  readonly level: 2 | 3;
  readonly id: string;
  readonly number: string;
}

/** All numbers of a notebook, found by the token or the exhibit they belong to. */
export interface Numbering {
  readonly labels: ReadonlyMap<string, Label>;
  readonly headings: ReadonlyMap<SourceToken, HeadingNumber>;
  readonly equations: ReadonlyMap<SourceToken, string>;
  readonly exhibits: ReadonlyMap<Exhibit, string>;
}

interface Count {
  readonly labels: Map<string, Label>;
  readonly headings: Map<SourceToken, HeadingNumber>;
  readonly equations: Map<SourceToken, string>;
  readonly exhibits: Map<Exhibit, string>;
  readonly ids: Set<string>;
  readonly totals: { section: number; part: number; fig: number; tbl: number };
  readonly report: Report;
}

/** Numbers headings, labelled equations, figures and tables in the order of the page, and collects
 *  the labels; a label that stands twice keeps its first place. */
export function numberParts(parts: readonly Part[], report: Report): Numbering {
  const count: Count = {
    labels: new Map(),
    headings: new Map(),
    equations: new Map(),
    exhibits: new Map(),
    ids: new Set(),
    totals: { section: 0, part: 0, fig: 0, tbl: 0 },
    report,
  };
  for (const part of parts) {
    if (part.kind === 'markdown') numberTokens(part.tokens, part.where, count);
    else numberExhibits(part, count);
  }
  return count;
}

function numberTokens(tokens: readonly SourceToken[], cell: Place, count: Count): void {
  let depth = 0;
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open' && depth === 0) {
      numberHeading(token, tokens[index + 1]?.children ?? [], placeOf(token, cell), count);
    }
    if (token.type === 'math_block' && typeof token.meta?.id === 'string') {
      const number = String(count.equations.size + 1);
      count.equations.set(token, number);
      addLabel(token.meta.id, number, 'Equation', placeOf(token, cell), count);
    }
    depth += token.nesting;
  });
}

function numberHeading(
  token: SourceToken,
  children: readonly SourceToken[],
  where: Place,
  count: Count,
): void {
  const { totals } = count;
  const level = token.tag === 'h3' ? 3 : 2;
  if (token.tag === 'h1') say(count, where, 'one-title', 'a second title of the first level');
  if (/^h[456]$/.test(token.tag)) {
    say(count, where, 'heading-levels', `a heading of level ${token.tag.slice(1)}`);
    return;
  }
  let number = '';
  if (token.meta?.unnumbered !== true) {
    if (level === 2) {
      totals.section += 1;
      totals.part = 0;
    } else totals.part += 1;
    number = level === 2 ? `${totals.section}` : `${totals.section}.${totals.part}`;
  }
  const text = plainText(children);
  const own = typeof token.meta?.id === 'string' ? token.meta.id : undefined;
  const id = own ?? freeId(slug(text), count.ids);
  count.ids.add(id);
  count.headings.set(token, { level, id, number });
  if (own !== undefined)
    addLabel(own, number, number === '' ? `“${text}”` : 'Section', where, count);
}

const KINDS = { fig: 'Figure', tbl: 'Table' } as const;

function numberExhibits({ cell, options, exhibits, where }: CodePart, count: Count): void {
  for (const exhibit of exhibits) {
    count.totals[exhibit.kind] += 1;
    const number = String(count.totals[exhibit.kind]);
    count.exhibits.set(exhibit, number);
    addLabel(exhibit.id, number, KINDS[exhibit.kind], where, count);
    for (const { id, letter } of exhibit.parts ?? []) {
      addLabel(id, `${number}${letter}`, KINDS[exhibit.kind], where, count);
    }
  }
  // References to it are not wrong: that it is missing is one mistake, reported with its cell.
  const missing = missingExhibit(cell, options, exhibits);
  if (missing === null) return;
  const { label = '', partCaptions = [] } = options;
  const parts = partCaptions.map((_, index) => `${label}-${partLetter(index)}`);
  for (const id of [label, ...parts]) addLabel(id, '', KINDS[missing], where, count);
}

function addLabel(id: string, number: string, kind: string, where: Place, count: Count): void {
  const first = count.labels.get(id);
  if (first === undefined) {
    const text = number === '' ? kind : `${kind}\u00a0${number}`;
    count.labels.set(id, { id, number, text, where });
    return;
  }
  count.report({
    rule: 'label-unique',
    severity: 'error',
    where,
    message: `expected a label of its own, got “${id}”, which stands in cell ${first.where.cell} too`,
    hint: 'Change one of the two.',
  });
}

function say({ report }: Count, where: Place, rule: string, got: string): void {
  report({
    rule,
    severity: 'warning',
    where,
    message: `expected one title and headings of two levels below it, got ${got}`,
    hint: 'Write ## or ###.',
  });
}
