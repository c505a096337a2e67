import type { Place, Problem } from '../../errors.js';
import { type CslItem, type CslName, formatEntries, readBibtex } from './bibliography.js';
import type { CitationItem } from './markdown-marks.js';
import { didYouMean } from './near-matches.js';
import { placeOf, type Report, type SourceToken } from './source-token.js';
import type { Reference, Token } from './types.js';

interface CitedWork {
  /** `Goodfellow et al.` */
  readonly authors: string;
  /** `2015`, or `2016a` where two cited works would read alike. */
  readonly year: string;
  readonly reference: Reference;
}

export interface Bibliography {
  /** The cited works by key, in the order of the list. */
  readonly works: ReadonlyMap<string, CitedWork>;
  /** Every key of the file, for hints. */
  readonly keys: readonly string[];
}

/** The works of a BibTeX text that are cited; keys without an entry are left out. */
export function readBibliography(bibtex: string, cited: ReadonlySet<string>): Bibliography {
  if (cited.size === 0 || bibtex.trim() === '') return { works: new Map(), keys: [] };
  const items = readBibtex(bibtex);
  const found = [...cited].flatMap((key) => items.get(key) ?? []);
  const works = new Map<string, CitedWork>();
  const entries = formatEntries(found);
  const alike = groupAlike(entries.map(([key]) => items.get(key) as CslItem));
  for (const [key, html] of entries) {
    const item = items.get(key) as CslItem;
    const authors = shortAuthors(item);
    const group = alike.get(`${authors} ${plainYear(item)}`) ?? [];
    const letter = group.length > 1 ? String.fromCharCode(97 + group.indexOf(key)) : '';
    const year = `${plainYear(item)}${letter}`;
    const marked = html.replace(`(${plainYear(item)})`, `(${year})`);
    const reference = { key, id: `ref-${key}`, html: marked, short: `${authors} ${year}` };
    works.set(key, { authors, year, reference });
  }
  return { works, keys: [...items.keys()] };
}

/** Fills in `[@key, sec. 4]` and `@key`; a citation without an entry stays as it was typed. */
export function fillCitation(
  token: SourceToken,
  bibliography: Bibliography,
  cell: Place,
  report: Report,
): Token {
  const { items, narrative } = token.meta as { items: CitationItem[]; narrative: boolean };
  const unknown = items.filter(({ key }) => !bibliography.works.has(key));
  for (const { key } of unknown) report(unknownKey(key, bibliography, placeOf(token, cell)));
  if (unknown.length > 0) {
    return { type: 'text', tag: '', nesting: 0, content: token.markup ?? '' };
  }
  const texts = items.map((item) => citeText(item, bibliography.works.get(item.key), narrative));
  const content = narrative ? texts.join('; ') : `(${texts.join('; ')})`;
  const keys = items.map(({ key }) => key);
  return { type: 'citation', tag: '', nesting: 0, content, meta: { keys } };
}

/** The problem of a key that has no entry. */
export function unknownKey(key: string, { keys }: Bibliography, where: Place): Problem {
  return {
    rule: 'citation-exists',
    severity: 'error',
    where,
    message: `expected a key of the bibliography, got “${key}”`,
    hint: didYouMean(key, keys, 'Add the entry to references.bib.'),
  };
}

function citeText(item: CitationItem, work: CitedWork | undefined, narrative: boolean): string {
  if (work === undefined) return '';
  if (narrative) return `${work.authors} (${work.year})`;
  const parts = item.bare ? [work.year] : [work.authors, work.year];
  if (item.locator !== undefined) parts.push(item.locator);
  return `${item.prefix === undefined ? '' : `${item.prefix} `}${parts.join(', ')}`;
}

/** Keys of works with the same short form, in the order of the list. */
function groupAlike(items: readonly CslItem[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const short = `${shortAuthors(item)} ${plainYear(item)}`;
    groups.set(short, [...(groups.get(short) ?? []), item.id]);
  }
  return groups;
}

/** `Solo`, `Carlini and Wagner`, `Goodfellow et al.`; the title where there is no author. */
function shortAuthors({ author, editor, title, id }: CslItem): string {
  const names = (author ?? editor ?? []).map(familyName);
  const [first = title ?? id, second] = names;
  if (names.length > 2) return `${first} et al.`;
  return second === undefined ? first : `${first} and ${second}`;
}

function familyName(name: CslName): string {
  const family = name.family ?? name.literal ?? '';
  const particle = name['non-dropping-particle'];
  return particle === undefined ? family : `${particle} ${family}`;
}

function plainYear({ issued }: CslItem): string {
  return String(issued?.['date-parts']?.[0]?.[0] ?? 'n.d.');
}
