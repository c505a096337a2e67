import { UserError } from '../../errors.js';
import type { FigureBlock, FigurePart, PlotBody } from '../document/types.js';
import { escapeHtml } from './escape.js';
import { exhibitLabel } from './exhibit-label.js';
import { renderFigure } from './figure.js';
import { renderGrid } from './grid.js';
import type { FigureRoom } from './options.js';
import { live, type Page } from './page.js';
import { renderTokens } from './tokens.js';

/** A figure with its caption: one plot, or parts beside one another. */
export async function renderFigureBlock(block: FigureBlock, page: Page): Promise<string> {
  const { id, number, alt, body, width } = block;
  const { html, data } =
    body.type === 'parts'
      ? { html: await renderParts(body.parts, alt, page), data: '' }
      : await renderPlot({ id, alt, body, room: 'column' }, page);
  const caption = `${exhibitLabel('Figure', number)}${renderTokens(block.caption, page.tokens)}`;
  return (
    `<figure class="figure ${width}" id="${escapeHtml(id)}">\n${html}\n` +
    `<figcaption>${caption} ${data}</figcaption></figure>\n`
  );
}

async function renderParts(parts: readonly FigurePart[], alt: string, page: Page): Promise<string> {
  const arePairs = parts.some(isPair);
  const room = arePairs ? 'column' : 'part';
  const rendered: string[] = [];
  for (const part of parts) rendered.push(await renderPart(part, room, page));
  const group = alt === '' ? '' : ` role="group" aria-label="${escapeHtml(alt)}"`;
  const columns = arePairs ? ' by-one' : parts.length % 3 === 0 ? ' by-three' : '';
  return `<div class="figure-parts${columns}"${group}>\n${rendered.join('')}</div>`;
}

/** Whether a part has plots beside one another, and so needs the whole width. */
function isPair({ body }: FigurePart): boolean {
  return body.type === 'vega-lite' && 'hconcat' in body.spec;
}

async function renderPart(part: FigurePart, room: FigureRoom, page: Page) {
  const { id, letter, caption, alt, body } = part;
  const { html, data } = await renderPlot({ id, alt, body, room }, page);
  const text = `<span class="label">(${escapeHtml(letter)})</span> ${renderTokens(caption, page.tokens)}`;
  return (
    `<figure class="figure-part" id="${escapeHtml(id)}">\n${html}\n` +
    `<figcaption>${text} ${data}</figcaption></figure>\n`
  );
}

interface Plot {
  readonly id: string;
  readonly alt: string;
  readonly body: PlotBody;
  readonly room: FigureRoom;
}

async function renderPlot({ id, alt, body, room }: Plot, page: Page) {
  const { target } = page.tokens;
  if (body.type === 'grid') return { html: renderGrid(body, alt, target, room), data: '' };
  const drawn = renderFigure({ id, spec: body.spec, alt, room }, target, page.cache).catch(
    (error: unknown) => {
      throw inFigure(error, page.document.meta.slug, id);
    },
  );
  return { html: await live(drawn, page), data: (await drawn).data };
}

function inFigure(error: unknown, file: string, label: string): unknown {
  if (!(error instanceof UserError)) return error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new UserError(error.message, { where: { file, label }, cause: error, ...hint });
}
