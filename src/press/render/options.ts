/** What printing a page needs besides the document itself. */

/** `screen`: one HTML file with scripts and both colour schemes; `print`: the same content for the
 *  PDF step, without scripts; folded code is one line there. */
export type Target = 'screen' | 'print';

/** Where a figure stands: over the whole column, or as a part beside another. */
export type FigureRoom = 'column' | 'part';

/** Text that is dear to compute, kept by content key between runs; whoever keeps it starts anew when
 *  the press changes. Keys are hexadecimal. */
export interface RenderCache {
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
}

export interface RenderOptions {
  readonly target: Target;
  /** Relative addresses for the head of the page. */
  readonly links: {
    readonly pdf?: string;
    readonly notebook?: string;
    readonly home?: string;
  };
  /** Key of the run that the page shows; goes to `<meta name="marginalia-key">`. */
  readonly key?: string;
  /** Keeps font subsets, drawn figures and coloured code. Without it everything is made anew. */
  readonly cache?: RenderCache;
}
