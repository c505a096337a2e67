import type { IOptions } from 'sanitize-html';
import { isBounded } from './svg-references.js';

/** What a cell displays as HTML or SVG is untrusted: it may draw, and nothing else. */

const HTML_TAGS = (
  'a abbr b blockquote br caption code col colgroup dd del div dl dt em figcaption figure h2 h3 h4 h5 h6 ' +
  'hr i img ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead tr u ul var'
).split(' ');

const SVG_TAGS = (
  'svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan ' +
  'clipPath mask pattern linearGradient radialGradient stop marker image'
).split(' ');

const SVG_ATTRIBUTES = (
  'id x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height viewBox preserveAspectRatio transform ' +
  'fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap ' +
  'stroke-linejoin stroke-miterlimit opacity color font-family font-size font-style font-weight text-anchor ' +
  'dominant-baseline alignment-baseline clip-path clip-rule mask marker-start marker-mid marker-end markerWidth ' +
  'markerHeight orient refX refY offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod ' +
  'patternUnits patternTransform patternContentUnits clipPathUnits maskUnits href xlink:href style role aria-label'
).split(' ');

/** Properties that a style may set. */
const PAINT = new Set(
  (
    'fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset ' +
    'stroke-linecap stroke-linejoin stroke-miterlimit opacity color font-family font-size font-style ' +
    'font-weight text-anchor dominant-baseline clip-path clip-rule mask marker-start marker-mid marker-end ' +
    'stop-color stop-opacity'
  ).split(' '),
);

const PICTURE = /^data:image\/(png|jpeg|gif|webp);base64,[\w+/=\s]+$/i;
/** Prefix of every id, so that no output can pose as a part of the page. */
const PREFIX = 'output-';

const HTML_OPTIONS: IOptions = {
  allowedTags: HTML_TAGS,
  allowedAttributes: {
    a: ['href', 'title'],
    img: ['src', 'alt', 'width', 'height'],
    td: ['colspan', 'rowspan', 'align'],
    th: ['colspan', 'rowspan', 'align', 'scope'],
    ol: ['start'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  exclusiveFilter: (frame) => frame.tag === 'img' && !PICTURE.test(frame.attribs.src ?? ''),
};

const ENTRY_OPTIONS: IOptions = {
  allowedTags: ['i', 'em', 'b', 'strong', 'span', 'sup', 'sub', 'a'],
  allowedAttributes: { a: ['href'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
};

const SVG_OPTIONS: IOptions = {
  allowedTags: SVG_TAGS,
  allowedAttributes: { '*': SVG_ATTRIBUTES },
  allowedSchemes: ['data'],
  allowProtocolRelative: false,
  parser: { lowerCaseTags: false, lowerCaseAttributeNames: false, recognizeSelfClosing: true },
  // Style is judged below as a whole; the library's own parser would cost an import.
  parseStyleAttributes: false,
  transformTags: {
    '*': (tagName, attribs) => ({ tagName, attribs: safeAttributes(tagName, attribs) }),
  },
};

/** HTML of a cell without scripts, styles, frames, forms, handlers, classes, ids or remote pictures. */
export async function sanitiseHtml(html: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html');
  return sanitize(html, HTML_OPTIONS);
}

/** HTML of one entry of the bibliography: text-level tags and links to the web. */
export async function sanitiseEntry(html: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html');
  return sanitize(html, ENTRY_OPTIONS);
}

/** SVG of a cell without scripts, styles sheets, foreign objects, animation, links or addresses; as
 *  an image with the label `alt`. Empty when there is no `<svg>` left, or one that would draw parts
 *  of itself without end. */
export async function sanitiseSvg(svg: string, alt: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html');
  const clean = sanitize(svg, SVG_OPTIONS);
  const start = clean.indexOf('<svg');
  if (start === -1 || !isBounded(clean)) return '';
  const label = alt.replace(/[&<>"]/g, ' ');
  const body = clean.slice(start).replace(/^<svg([^>]*)>/, (_, attributes: string) => {
    const kept = attributes.replace(/\s(role|aria-label)="[^"]*"/g, '');
    return `<svg role="img" aria-label="${label}"${kept}>`;
  });
  return body;
}

function safeAttributes(tag: string, attributes: { [name: string]: string }) {
  const safe: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(attributes)) {
    const kept = safeAttribute(tag, name, value);
    if (kept !== undefined) safe[name] = kept;
  }
  return safe;
}

function safeAttribute(tag: string, name: string, value: string): string | undefined {
  if (name === 'id') return PREFIX + value;
  if (name === 'style') return paintOnly(value);
  if (/^(xlink:)?href$/.test(name)) {
    if (/^#[\w-]+$/.test(value)) return `#${PREFIX}${value.slice(1)}`;
    return tag === 'image' && PICTURE.test(value) ? value : undefined;
  }
  return localPaint(value);
}

/** The declarations of a style that paint; those that place, move or lay out are dropped. */
function paintOnly(style: string): string | undefined {
  const kept = style.split(';').flatMap((declaration) => {
    const [, name = '', value = ''] = /^\s*([a-z-]+)\s*:\s*(.*?)\s*$/is.exec(declaration) ?? [];
    const paint = PAINT.has(name.toLowerCase()) ? localPaint(value) : undefined;
    return paint === undefined ? [] : `${name.toLowerCase()}:${paint}`;
  });
  return kept.length === 0 ? undefined : kept.join(';');
}

/** A value that refers to nothing but parts of its own picture; undefined for any other. */
function localPaint(value: string): string | undefined {
  const local = value.replace(/url\(\s*(["']?)#([\w-]+)\1\s*\)/g, `url(#${PREFIX}$2)`);
  const rest = local.replace(/url\(#[\w-]+\)/g, '');
  // A style can reach out by url(), @import or image-set(), and hide it behind escapes or comments.
  return /url\s*\(|image|@|\\|\/\*|expression|script|position|:\/\//i.test(rest)
    ? undefined
    : local;
}
