import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';
import { cached } from './cached.js';
import { type Drawing, draw } from './draw.js';
import { escapeHtml } from './escape.js';
import { dataLink } from './figure-data.js';
import { dressSvg } from './figure-ink.js';
import { liveSpecs } from './figure-live.js';
import { isLive, isWorked, sizedSpec } from './figure-spec.js';
import type { FigureSize } from './figure-theme.js';
import type { FigureRoom, RenderCache, Target } from './options.js';

interface FigureInput {
  /** Element id; unique on the page. */
  readonly id: string;
  readonly spec: VegaLiteSpec;
  /** What a sighted reader concludes. */
  readonly alt: string;
  /** Default: the whole column. */
  readonly room?: FigureRoom;
}

export interface FigureHtml {
  /** The plot: one SVG for print, a wide and a narrow one for screens. */
  readonly html: string;
  /** A link to the figure's rows as CSV, or nothing. */
  readonly data: string;
  /** Whether the page needs Vega to bring the figure to life. */
  readonly live: boolean;
}

const SIZES_BY_ROOM = {
  column: { screen: 'screen', print: 'print' },
  part: { screen: 'part', print: 'printed-part' },
} as const;

/** A Vega-Lite specification as SVG, and for screens, where it answers to a pointer, the compiled
 *  specification beside it. The SVG alone is complete.
 *  @throws UserError when the specification has data behind an address or cannot be drawn. */
export async function renderFigure(
  { id, spec, alt, room = 'column' }: FigureInput,
  target: Target,
  cache?: RenderCache,
): Promise<FigureHtml> {
  const sizes = SIZES_BY_ROOM[room];
  const drawn = (size: FigureSize): Promise<Drawing> => drawnFigure(spec, size, cache);
  if (target === 'print') {
    const { svg } = await drawn(sizes.print);
    return {
      html: `<div class="plot">${dressSvg(svg, id, alt, 'plot-print')}</div>`,
      data: '',
      live: false,
    };
  }
  const [wide, narrow] = [await drawn(sizes.screen), await drawn('narrow')];
  const live = isLive(spec);
  const compiled = live ? liveSpecs(wide, isWorked(spec) ? narrow : null) : '';
  const pictures =
    dressSvg(wide.svg, `${id}-wide`, alt, 'plot-wide') +
    dressSvg(narrow.svg, `${id}-narrow`, alt, 'plot-narrow');
  const mark = live ? ` data-live="${escapeHtml(alt)}"` : '';
  return {
    html: `<div class="plot"${mark}>${pictures}${compiled}</div>`,
    data: dataLink(id, spec),
    live,
  };
}

/** A figure at one size, drawn now or by an earlier run. */
export async function drawnFigure(
  spec: VegaLiteSpec,
  size: FigureSize,
  cache: RenderCache | undefined,
): Promise<Drawing> {
  const sized = sizedSpec(spec, size);
  const text = await cached(cache, ['figure', JSON.stringify(sized)], async () =>
    JSON.stringify(await draw(sized)),
  );
  return JSON.parse(text) as Drawing;
}

/** As `renderFigure`, for what a cell displayed: a figure that cannot be drawn becomes a line of text. */
export async function renderLooseFigure(
  input: FigureInput,
  target: Target,
  cache?: RenderCache,
): Promise<FigureHtml> {
  try {
    return await renderFigure(input, target, cache);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const html = `<p class="missing">[figure not drawn: ${escapeHtml(error.message)}]</p>`;
    return { html, data: '', live: false };
  }
}
