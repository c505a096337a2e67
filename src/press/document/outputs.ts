import type { Published } from '../../mime.js';
import type { MimeBundle, Output } from '../notebook/types.js';
import type { Exhibit } from './exhibits.js';
import { type Fillings, fill, fillText } from './fill.js';
import { parseMarkdown } from './markdown.js';
import { isVegaLite, mimeText } from './mime-text.js';
import { plainText } from './plain-text.js';
import type { CodePart } from './read-cells.js';
import type { Block, ClaimView, FigureBlock, FigureBody, OutputBlock } from './types.js';
import { asSpec, refusal } from './vega-safety.js';

export interface OutputContext {
  readonly fillings: Fillings;
  readonly claims: ReadonlyMap<string, ClaimView>;
  /** Claims whose box stands in the page already: the first cell that publishes one has it. */
  readonly boxed: Set<string>;
}

/** What a cell shows: figures, tables and claims of our own, then anything else it displayed or
 *  wrote. Values, the engine and sources are not blocks. */
export function composeOutputs(part: CodePart, context: OutputContext): Block[] {
  if (!part.options.include || !part.options.output) return [];
  const blocks = part.cell.outputs.flatMap((output, index) => {
    const exhibit = part.exhibits.find((candidate) => candidate.output === index);
    const reading = part.readings[index];
    const published = reading?.state === 'read' ? reading.published : null;
    if (exhibit !== undefined) return composeExhibit(exhibit, output, published, part, context);
    if (published?.kind === 'claim') return claimBlock(published.id, context);
    return published === null ? plainBlocks(output, part, context) : [];
  });
  return joinStreams(blocks);
}

function composeExhibit(
  exhibit: Exhibit,
  output: Output,
  published: Published | null,
  part: CodePart,
  { fillings }: OutputContext,
): Block[] {
  const { id, labelled } = exhibit;
  const number = fillings.numbering.exhibits.get(exhibit) ?? '';
  const caption = labelled ? fillText(part.caption, fillings) : [];
  if (published?.kind === 'table') {
    const { columns, rows } = published;
    return [{ kind: 'table', id, number, caption, columns, rows }];
  }
  const body = figureBody(output, published, part, fillings);
  if (body === null) return [];
  const alt = labelled ? plainText(fillText(part.alt, fillings)) : '';
  const figure: FigureBlock = {
    kind: 'figure',
    id,
    number,
    caption,
    alt,
    width: part.options.width,
    body,
  };
  return [figure];
}

function figureBody(
  output: Output,
  published: Published | null,
  part: CodePart,
  fillings: Fillings,
): FigureBody | null {
  if (published?.kind === 'grid') {
    const { kind: _, ...grid } = published;
    return { type: 'grid', ...grid };
  }
  const data = 'data' in output ? output.data : {};
  const block = vegaLite(data, part, fillings);
  return block === null ? null : { type: 'vega-lite', spec: block.spec };
}

/** The specification of a bundle when it may be drawn; null, and a problem, otherwise. */
function vegaLite(data: MimeBundle, { where }: CodePart, { report }: Fillings) {
  const mime = Object.keys(data).find(isVegaLite);
  const spec = mime === undefined ? null : asSpec(data[mime]);
  const refused = refusal(spec);
  if (spec !== null && refused === null) return { kind: 'vega-lite', spec } as const;
  if (refused !== null) {
    const { rule, message, hint } = refused;
    report({ rule, severity: 'error', where, message, hint });
  }
  return null;
}

function claimBlock(id: string, { claims, boxed }: OutputContext): Block[] {
  const claim = claims.get(id);
  if (claim === undefined || boxed.has(id)) return [];
  boxed.add(id);
  return [{ kind: 'claim', claim }];
}

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

function plainBlocks(output: Output, part: CodePart, context: OutputContext): Block[] {
  if (output.output_type === 'stream') {
    const { name, text } = output;
    return name === 'stdout' || part.options.warning ? [{ kind: 'stream', name, text }] : [];
  }
  if (output.output_type === 'error') {
    const { ename, evalue, traceback } = output;
    return [{ kind: 'error', name: ename, message: evalue, traceback }];
  }
  return bundleBlocks(output.data, part, context);
}

/** The richest form of a bundle that a page can show: specification, HTML, SVG, picture, Markdown,
 *  text. */
function bundleBlocks(data: MimeBundle, part: CodePart, { fillings }: OutputContext): Block[] {
  const text = (mime: string): string | null => mimeText(data[mime]);
  const mimes = Object.keys(data);
  if (mimes.some(isVegaLite)) {
    const block = vegaLite(data, part, fillings);
    return block === null ? [] : [block];
  }
  const [html, svg] = [text('text/html'), text('image/svg+xml')];
  if (html !== null) return [{ kind: 'html', html }];
  if (svg !== null) return [{ kind: 'svg', svg }];
  for (const mime of IMAGES) {
    const image = text(mime);
    if (image !== null) return [imageBlock(mime, image, part, fillings)];
  }
  const markdown = text('text/markdown');
  if (markdown !== null) {
    const tokens = parseMarkdown(markdown, { where: part.where }, fillings.report);
    return [{ kind: 'prose', tokens: fill(tokens, part.where, fillings) }];
  }
  const plain = text('text/plain');
  if (plain !== null) return [{ kind: 'text', text: plain }];
  return mimes.length === 0 ? [] : [{ kind: 'unsupported', mimes }];
}

function imageBlock(
  mime: (typeof IMAGES)[number],
  data: string,
  part: CodePart,
  fillings: Fillings,
): OutputBlock {
  const alt = plainText(fillText(part.alt, fillings));
  return { kind: 'image', mime, data: data.replace(/\s/g, ''), alt };
}

/** A kernel sends a stream in pieces; what follows in the same stream belongs together. */
function joinStreams(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.kind === 'stream' && last?.kind === 'stream' && last.name === block.name) {
      joined[joined.length - 1] = { ...last, text: last.text + block.text };
    } else joined.push(block);
  }
  return joined;
}
