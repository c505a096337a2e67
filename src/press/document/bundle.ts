import type { VegaLiteSpec } from '../../mime.js';
import { asSpec, refusal } from '../../vega-safety.js';
import type { MimeBundle } from '../notebook/types.js';
import { type Fillings, fill, fillText } from './fill.js';
import { latexMarkdown } from './latex-output.js';
import { parseMarkdown } from './markdown.js';
import { isVegaLite, mimeText } from './mime-text.js';
import { plainText } from './plain-text.js';
import type { CodePart } from './read-cells.js';
import { shortened } from './shortened.js';
import type { Block, OutputBlock } from './types.js';

/** One way to show an entry of a bundle; null when this entry cannot be shown so. */
type Form = (data: unknown, part: CodePart, fillings: Fillings) => Block | null;

/** The forms that a page can show, the richest first. HTML that lives on scripts, which no page
 *  runs, stands behind the pictures that mostly come with it. */
const FORMS: readonly (readonly [mime: string, form: Form])[] = [
  ['text/html', (data) => (hasScripts(data) ? null : html(data))],
  ['text/markdown', prose((markdown) => markdown)],
  ['image/svg+xml', ofText((svg) => ({ kind: 'svg', svg }))],
  ['text/latex', prose(latexMarkdown)],
  ...(['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const).map(imageForm),
  ['text/html', html],
  ['application/geo+json', json],
  ['application/json', json],
  ['text/plain', ofText((text) => ({ kind: 'text', text: shortened(text) }))],
];

/** The richest form of a bundle that a page can show safely. Where that is no more than plain text,
 *  or nothing, the page and the problems name what is missing. */
export function bundleBlocks(data: MimeBundle, part: CodePart, fillings: Fillings): Block[] {
  if (Object.keys(data).some(isVegaLite)) {
    const spec = drawableSpec(data, part, fillings);
    return spec === null ? [] : [{ kind: 'vega-lite', spec }];
  }
  for (const [mime, form] of FORMS) {
    const block = data[mime] === undefined ? null : form(data[mime], part, fillings);
    if (block !== null)
      return mime === 'text/plain' ? withMissing(data, part, fillings, block) : [block];
  }
  return withMissing(data, part, fillings);
}

function withMissing(
  data: MimeBundle,
  { where }: CodePart,
  { report }: Fillings,
  ...shown: readonly Block[]
): Block[] {
  const mimes = Object.keys(data).filter((mime) => mime !== 'text/plain');
  if (mimes.length === 0) return [...shown];
  report({
    rule: 'output-shown',
    severity: 'warning',
    where,
    message: `expected an output that a page can show, got ${mimes.join(', ')}`,
    hint: 'Display it as HTML without scripts, SVG, PNG, Markdown, LaTeX or Vega-Lite too.',
  });
  return [{ kind: 'unsupported', mimes }, ...shown];
}

/** The specification of a bundle when it may be drawn; null, and a problem, otherwise. */
export function drawableSpec(
  data: MimeBundle,
  { where }: CodePart,
  { report }: Fillings,
): VegaLiteSpec | null {
  const mime = Object.keys(data).find(isVegaLite);
  const spec = mime === undefined ? null : asSpec(data[mime]);
  const refused = refusal(spec);
  if (refused === null) return spec;
  const { rule, message, hint } = refused;
  report({ rule, severity: 'error', where, message, hint });
  return null;
}

function ofText(form: (text: string) => OutputBlock): Form {
  return (data) => {
    const text = mimeText(data);
    return text === null ? null : form(text);
  };
}

function hasScripts(data: unknown): boolean {
  return /<(?:script|iframe|object|embed)\b/i.test(mimeText(data) ?? '');
}

/** HTML of which something is left when scripts and styles are gone. */
function html(data: unknown): Block | null {
  const text = mimeText(data) ?? '';
  const left = text
    .replace(/<(script|style|iframe|object)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replace(/<!--[\s\S]*?(?:-->|$)|<(?!img\b|hr\b)[^>]*>/gi, '');
  return left.trim() === '' ? null : { kind: 'html', html: text };
}

function prose(toMarkdown: (text: string) => string): Form {
  return (data, { where }, fillings) => {
    const text = mimeText(data);
    if (text === null) return null;
    const tokens = parseMarkdown(toMarkdown(text), { where }, fillings.report);
    return { kind: 'prose', tokens: fill(tokens, where, fillings) };
  };
}

function imageForm(mime: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp') {
  const form: Form = (data, part, fillings) => {
    const base64 = mimeText(data)?.replace(/\s/g, '');
    if (base64 === undefined) return null;
    return { kind: 'image', mime, data: base64, alt: plainText(fillText(part.alt, fillings)) };
  };
  return [mime, form] as const;
}

function json(data: unknown): Block {
  return { kind: 'text', text: shortened(JSON.stringify(data, null, 2)) };
}
