import type { Document } from '../document/types.js';
import type { FigureHtml } from './figure.js';
import type { RenderCache } from './options.js';
import type { TokenContext } from './tokens.js';

/** What the block handlers share while one page is written. */
export interface Page {
  readonly document: Document;
  readonly tokens: TokenContext;
  readonly cache: RenderCache | undefined;
  /** Set by the first figure that needs Vega on the page. */
  live: boolean;
  /** Number of figures without a label so far: they need ids too. */
  loose: number;
}

/** The HTML of a figure; the page notes when it needs Vega. */
export async function live(drawn: Promise<FigureHtml>, page: Page): Promise<string> {
  const figure = await drawn;
  if (figure.live) page.live = true;
  return figure.html;
}
