import type { Place } from '../../errors.js';
import type { PublishedValue } from '../../mime.js';
import { FILTER_FORMS, formatNumber, type NumberFilter, parseFilter } from './format-number.js';
import { didYouMean } from './near-matches.js';
import type { CodePart } from './read-cells.js';
import { placeOf, type Report, type SourceToken } from './source-token.js';
import type { Token, ValueMark } from './types.js';

interface ValueEntry {
  readonly published: PublishedValue;
  /** Element id of the cell, or of its figure; empty where the page shows nothing of it. */
  readonly element: string;
}

/** Published numbers by name. */
export type Values = ReadonlyMap<string, ValueEntry>;

/** The numbers that a text may quote. */
export interface Numbers {
  readonly values: Values;
  /** Those of the full run, which stand beside them. */
  readonly full: Values;
}

/** Every number that the cells published. A name that is published twice must keep its value. */
export function collectValues(parts: readonly CodePart[], report: Report): Values {
  const values = new Map<string, ValueEntry & { readonly where: Place }>();
  for (const { readings, where, element } of parts) {
    for (const reading of readings) {
      if (reading.state !== 'read' || reading.published.kind !== 'value') continue;
      const { published } = reading;
      const earlier = values.get(published.name);
      if (earlier === undefined) values.set(published.name, { published, where, element });
      else if (earlier.published.value !== published.value) {
        report({
          rule: 'value-published-once',
          severity: 'error',
          where,
          message: `expected one value of “${published.name}”, got ${earlier.published.value} in cell ${earlier.where.cell} and ${published.value} here`,
          hint: 'Give one of them another name.',
        });
      }
    }
  }
  return values;
}

/** Fills in one `{{name | filter}}`; a mark that cannot be filled stays as it was typed. */
export function fillValue(
  token: SourceToken,
  { values, full }: Numbers,
  cell: Place,
  report: Report,
): Token {
  const { name, filter: filterText } = token.meta as { name: string; filter: string };
  const entry = values.get(name);
  const filter = parseFilter(filterText);
  const where = placeOf(token, cell);
  if (entry === undefined) {
    const message = `expected a published value, got “${name}”, which no cell published`;
    const hint = didYouMean(name, values.keys(), 'Publish it in a cell: value(name, number).');
    report({ rule: 'value-published', severity: 'error', where, message, hint });
  }
  if (filter === null) {
    const message = `expected a filter, got “${filterText}”`;
    report({
      rule: 'value-filter',
      severity: 'error',
      where,
      message,
      hint: `Write ${FILTER_FORMS}.`,
    });
  }
  if (entry === undefined || filter === null) {
    return { type: 'text', tag: '', nesting: 0, content: token.markup ?? '' };
  }
  const print = ({ published }: ValueEntry): string => formatNumber(published.value, filter);
  const other = full.get(name);
  const beside = other === undefined ? {} : { full: print(other) };
  const meta = { ...markOf(entry), ...beside };
  return { type: 'value', tag: '', nesting: 0, content: print(entry), meta };
}

/** `[99.4 %, 99.8 %]` */
export function formatInterval(
  [low, high]: readonly [number, number],
  filter: NumberFilter,
): string {
  return `[${formatNumber(low, filter)}, ${formatNumber(high, filter)}]`;
}

function markOf({ published, element }: ValueEntry): ValueMark {
  const { name, value, interval, n, seeds } = published;
  return {
    name,
    value,
    ...(interval && { interval }),
    ...(n !== undefined && { n }),
    ...(seeds !== undefined && { seeds }),
    cell: element,
  };
}
