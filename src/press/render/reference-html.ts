import { sanitiseEntry } from './sanitise.js';

/** An entry that the citation library made from a .bib file, as it stands on the page. Long addresses
 *  may break after slashes. */
export async function entryHtml(html: string): Promise<string> {
  const clean = await sanitiseEntry(html);
  return clean.replace(/(>[^<]*https?:[^<]*)/g, (text) => text.replace(/\/(?=[^/\s])/g, '/<wbr>'));
}
