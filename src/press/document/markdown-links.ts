import type { Problem } from '../../errors.js';
import type { MarkdownPlace } from './markdown.js';
import { mimeText } from './mime-text.js';
import { plainText } from './plain-text.js';
import { isSafeLink } from './safe-link.js';
import { placeOf, type Report, type SourceToken } from './source-token.js';

/** Lets through links to the web, to mail and within the report, and pictures that the cell carries.
 *  Any other link keeps its words only, any other picture its alternative text. */
export function checkLinks(
  tokens: readonly SourceToken[],
  place: MarkdownPlace,
  report: Report,
): SourceToken[] {
  const result: SourceToken[] = [];
  let refused = false;
  for (const token of tokens) {
    if (token.type === 'link_open' && !isSafeLink(attribute(token, 'href'))) {
      refused = true;
      report(linkProblem(token, place));
    } else if (token.type === 'link_close' && refused) refused = false;
    else if (token.type === 'image') result.push(checkImage(token, place, report));
    else if (token.children === undefined) result.push(token);
    else result.push({ ...token, children: checkLinks(token.children, place, report) });
  }
  return result;
}

function linkProblem(token: SourceToken, place: MarkdownPlace): Problem {
  return {
    rule: 'link-allowed',
    severity: 'warning',
    where: placeOf(token, place.where),
    message: `expected a link to http, https, mailto, # or a relative path, got “${attribute(token, 'href')}”`,
    hint: 'The words are printed without the link.',
  };
}

const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;
const PICTURE_MIMES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function checkImage(token: SourceToken, place: MarkdownPlace, report: Report): SourceToken {
  const source = attribute(token, 'src');
  const data = source.startsWith('attachment:') ? attached(source.slice(11), place) : source;
  const alt = plainText(token.children ?? []);
  if (data !== null && PICTURE.test(data)) {
    return {
      type: 'image',
      tag: 'img',
      nesting: 0,
      line: token.line,
      content: alt,
      attrs: [
        ['src', data],
        ['alt', alt],
      ],
    };
  }
  report({
    rule: 'picture-attached',
    severity: 'warning',
    where: placeOf(token, place.where),
    message: `expected a picture attached to the cell, got “${source.slice(0, 80)}”`,
    hint: 'Its alternative text is printed instead; drag the file into the cell to attach it.',
  });
  return { type: 'text', tag: '', nesting: 0, line: token.line, content: alt };
}

function attached(encodedName: string, place: MarkdownPlace): string | null {
  const bundle = place.attachments?.[decode(encodedName)];
  const mime = PICTURE_MIMES.find((candidate) => bundle?.[candidate] !== undefined);
  if (bundle === undefined || mime === undefined) return null;
  return `data:${mime};base64,${(mimeText(bundle[mime]) ?? '').replace(/\s/g, '')}`;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function attribute(token: SourceToken, name: string): string {
  return token.attrs?.find(([key]) => key === name)?.[1] ?? '';
}
