import type { Published } from '../../mime.js';
import { drawableSpec } from './bundle.js';
import type { Exhibit, ExhibitPart } from './exhibits.js';
import { type Fillings, fillText } from './fill.js';
import { plainText } from './plain-text.js';
import type { CodePart } from './read-cells.js';
import type { SourceText } from './source-token.js';
import type { Block, FigureBlock, FigureBody, FigurePart, PlotBody, Token } from './types.js';

/** The block of a figure or a table; none when a specification may not be drawn. */
export function composeExhibit(exhibit: Exhibit, part: CodePart, fillings: Fillings): Block[] {
  const { id, labelled } = exhibit;
  const published = publishedAt(exhibit.output, part);
  const number = fillings.numbering.exhibits.get(exhibit) ?? '';
  const caption = labelled ? fillText(part.caption, fillings) : [];
  if (published?.kind === 'table') {
    const { columns, rows } = published;
    return [{ kind: 'table', id, number, caption, columns, rows }];
  }
  const body =
    exhibit.parts === undefined
      ? plotBody(exhibit.output, part, fillings)
      : partsBody(exhibit.parts, part, fillings);
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

/** What the cell says with one of its outputs in our form; null for any other output. */
export function publishedAt(output: number, { readings }: CodePart): Published | null {
  const reading = readings[output];
  return reading?.state === 'read' ? reading.published : null;
}

/** The plots side by side; one that may not be drawn has been reported and is left out. */
function partsBody(parts: readonly ExhibitPart[], cell: CodePart, fillings: Fillings): FigureBody {
  const text = (source: SourceText | undefined): Token[] =>
    source === undefined ? [] : fillText(source, fillings);
  const plots = parts.flatMap(({ output, id, letter }, index): FigurePart[] => {
    const body = plotBody(output, cell, fillings);
    if (body === null) return [];
    const caption = text(cell.partCaptions[index]);
    const alt = plainText(text(cell.partAlts[index] ?? cell.partCaptions[index]));
    return [{ id, letter, caption, alt, body }];
  });
  return { type: 'parts', parts: plots };
}

function plotBody(index: number, part: CodePart, fillings: Fillings): PlotBody | null {
  const published = publishedAt(index, part);
  const output = part.cell.outputs[index];
  if (published?.kind === 'grid') {
    const { kind: _, ...grid } = published;
    return { type: 'grid', ...grid };
  }
  const data = output !== undefined && 'data' in output ? output.data : {};
  const spec = drawableSpec(data, part, fillings);
  return spec === null ? null : { type: 'vega-lite', spec };
}
