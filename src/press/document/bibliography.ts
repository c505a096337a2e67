import { createRequire } from 'node:module';
import { UserError } from '../../errors.js';
import { BIBLIOGRAPHY_STYLE } from './bibliography-style.js';

/** The fields of a CSL-JSON item that we read. */
export interface CslItem {
  readonly id: string;
  readonly title?: string;
  readonly author?: readonly CslName[];
  readonly editor?: readonly CslName[];
  readonly issued?: { readonly 'date-parts'?: readonly (readonly number[])[] };
  readonly DOI?: string;
  readonly URL?: string;
}

export interface CslName {
  readonly family?: string;
  readonly literal?: string;
  readonly 'non-dropping-particle'?: string;
}

/** The part of citation-js that we call; it has no types of its own. */
interface CitationLibrary {
  readonly plugins: {
    readonly input: { chain(text: string, options: object): CslItem[] };
    readonly output: {
      format(name: string, items: readonly CslItem[], options: object): [string, string][];
    };
    readonly config: { get(name: string): { styles: { set(name: string, style: string): void } } };
  };
}

/** Loaded on first use: a notebook that cites nothing does not pay for it. */
let library: CitationLibrary | null = null;

function loadLibrary(): CitationLibrary {
  if (library !== null) return library;
  const require = createRequire(import.meta.url);
  const loaded: CitationLibrary = require('@citation-js/core');
  require('@citation-js/plugin-bibtex');
  require('@citation-js/plugin-csl');
  loaded.plugins.config.get('@csl').styles.set('marginalia', BIBLIOGRAPHY_STYLE);
  library = loaded;
  return loaded;
}

/** The entries of a BibTeX text, by key. Works offline: the type of the input is given, so that an
 *  address in its place is never fetched. Throws a UserError when the text cannot be read. */
export function readBibtex(bibtex: string): Map<string, CslItem> {
  const { plugins } = loadLibrary();
  const options = { forceType: '@biblatex/text', generateGraph: false };
  try {
    return new Map(plugins.input.chain(bibtex, options).map((item) => [item.id, item]));
  } catch (cause) {
    const [reason = ''] = String((cause as Error).message).split('\n');
    throw new UserError(`expected BibTeX entries, got text that does not read so: ${reason}`, {
      where: { file: 'references.bib' },
      hint: 'Look for a brace or a comma that is missing near this line.',
      cause,
    });
  }
}

const ADDRESS = /^https?:\/\/[^\s"'<>\\]+$/;

/** The formatted entries in the order of the bibliography: key and inner HTML. Only http and https
 *  addresses are kept, as links. */
export function formatEntries(items: readonly CslItem[]): [key: string, html: string][] {
  if (items.length === 0) return [];
  const { plugins } = loadLibrary();
  const options = { format: 'html', template: 'marginalia', lang: 'en-US', asEntryArray: true };
  const entries = plugins.output.format('bibliography', items.map(withAddress), options);
  return entries.map(([key, html]) => [key, linkAddress(endSentence(innerHtml(html)))]);
}

function withAddress({ DOI, URL, ...item }: CslItem): CslItem {
  const address = DOI === undefined ? URL : `https://doi.org/${DOI}`;
  return address !== undefined && ADDRESS.test(address) ? { ...item, URL: address } : item;
}

function innerHtml(entry: string): string {
  return entry
    .trim()
    .replace(/^<div[^>]*>/, '')
    .replace(/<\/div>$/, '')
    .trim();
}

/** An entry ends with a full stop, or with an address, which a stop would spoil. */
function endSentence(html: string): string {
  return /[.?!](?:<\/i>)?$|https?:\/\/\S+$/.test(html) ? html : `${html}.`;
}

function linkAddress(html: string): string {
  return html.replace(/https?:\/\/[^\s"'<>]+$/, (address) => `<a href="${address}">${address}</a>`);
}
