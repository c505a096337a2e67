/** nbformat 4.5 as values: what a notebook file holds, before and after its cells have run. */

export type MimeBundle = { readonly [mime: string]: unknown };

export interface StreamOutput {
  readonly output_type: 'stream';
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface DisplayOutput {
  readonly output_type: 'display_data';
  readonly data: MimeBundle;
  readonly metadata: { readonly [key: string]: unknown };
}

export interface ResultOutput {
  readonly output_type: 'execute_result';
  readonly execution_count: number | null;
  readonly data: MimeBundle;
  readonly metadata: { readonly [key: string]: unknown };
}

export interface ErrorOutput {
  readonly output_type: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

export interface CellMetadata {
  readonly tags?: readonly string[];
  /** Wall-clock seconds of the last run; written by the press as nbclient does. */
  readonly execution?: { readonly [key: string]: string };
  readonly [key: string]: unknown;
}

export interface MarkdownCell {
  readonly cell_type: 'markdown';
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly attachments?: { readonly [name: string]: MimeBundle };
}

export interface RawCell {
  readonly cell_type: 'raw';
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly attachments?: { readonly [name: string]: MimeBundle };
}

export interface CodeCell {
  readonly cell_type: 'code';
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export type Cell = MarkdownCell | RawCell | CodeCell;

export interface Notebook {
  /** Path as people write it, for messages: `notebooks/01-linear-explanation.ipynb`. */
  readonly path: string;
  readonly metadata: {
    readonly kernelspec: { readonly name: string; readonly display_name: string };
    readonly language_info?: { readonly [key: string]: unknown };
    readonly title?: string;
    readonly [key: string]: unknown;
  };
  readonly cells: readonly Cell[];
}

/** The `//| key: value` lines at the head of a code cell, and what follows them. */
export interface CellOptions {
  /** `fig-…`, `tbl-…`, `lst-…` or a plain name; shown in progress lines and errors. */
  readonly label?: string;
  /** `fig-cap` or `tbl-cap`: Markdown; may contain `{{value}}`, references, citations and maths. */
  readonly caption?: string;
  /** `fig-alt`: what a sighted reader concludes, with the numbers; may contain `{{value}}`. */
  readonly alt?: string;
  /** `fig-subcap`, a list: the figures of the cell are the parts (a), (b), … of one figure, with
   *  these captions. */
  readonly partCaptions?: readonly string[];
  /** `fig-alt` as a list: one alternative text a part. */
  readonly partAlts?: readonly string[];
  /** `column: page` lets a figure or table use the margin too. */
  readonly width: 'text' | 'wide';
  /** `code-summary`: what the cell does, in one line: the summary of a folded cell. */
  readonly summary?: string;
  /** `true` shows the code, `false` removes it. */
  readonly echo: boolean;
  /** `false` removes the outputs. */
  readonly output: boolean;
  /** `false` removes code and outputs. */
  readonly include: boolean;
  /** `code-fold`: `fold` (true, the default): one line that opens on screen, that line alone in
   *  print; `show`: opened, can be folded; `none` (false): plain code. */
  readonly fold: 'fold' | 'show' | 'none';
  /** Show what was written to stderr. */
  readonly warning: boolean;
  readonly raisesException: boolean;
  readonly skipExecution: boolean;
}
