/** The wire between the lab, which runs in the kernel, and the press, which prints pages.
 *
 *  A notebook cell publishes one MIME bundle per result. What Jupyter can draw stands in the bundle's
 *  data; what the report needs besides stands in the bundle's metadata, under `METADATA_KEY`. */

export const METADATA_KEY = 'marginalia';
export const VEGA_LITE = 'application/vnd.vegalite.v5+json';
export const SVG = 'image/svg+xml';

/** A plain Vega-Lite specification; data stands inside it, never behind an address. */
export type VegaLiteSpec = { readonly [key: string]: unknown };

/** One number that prose, captions and claims may quote by its name, for instance
 *  `softmax.fgsm.error`. Shares are stored as fractions (0.996), never as percentages. */
export interface PublishedValue {
  readonly kind: 'value';
  readonly name: string;
  readonly value: number;
  /** Unit for people: `nats`, `pixels`; absent for shares and pure numbers. */
  readonly unit?: string;
  /** Confidence interval, same scale as `value`. */
  readonly interval?: readonly [low: number, high: number];
  /** Number of observations behind the value (images, draws). */
  readonly n?: number;
  /** Number of random seeds behind the value. */
  readonly seeds?: number;
}

/** Marks the place where the verdict on one claim of the paper stands, and says on what it rests.
 *  The verdict itself is computed by the press from the rule in the ledger. */
export interface PublishedClaim {
  readonly kind: 'claim';
  /** Identifier in the ledger, for instance `linear-ten-weight-example`. */
  readonly id: string;
  readonly n?: number;
  readonly seeds?: number;
  /** How the setting is smaller than the paper's, in one phrase; absent when it is not. */
  readonly reduced?: string;
}

/** A figure drawn from the Vega-Lite specification in the same bundle. Its label, caption and
 *  alternative text stand in the cell's options (`//| label`, `//| fig-cap`, `//| fig-alt`), so that
 *  editing them runs nothing again. */
export interface PublishedFigure {
  readonly kind: 'figure';
}

/** One square of an image grid: a PNG at one pixel per image pixel, and two lines of text. */
export interface GridImage {
  /** Base64 PNG, without the `data:` prefix. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
  readonly above?: string;
  readonly below?: string;
  /** The model is wrong about this image: its text is set in the colour of adversarial data. */
  readonly wrong?: boolean;
}

/** Digits and perturbations, printed pixel by pixel; `signs` stand between the columns
 *  (`['+', '=']` for clean + perturbation = adversarial). */
export interface PublishedGrid {
  readonly kind: 'grid';
  readonly rows: readonly (readonly GridImage[])[];
  readonly heads?: readonly string[];
  readonly signs?: readonly string[];
  /** How many times each pixel is enlarged: a whole number. */
  readonly scale: number;
}

export type TableFormat =
  | { readonly as: 'text' }
  | { readonly as: 'integer' }
  | { readonly as: 'fixed'; readonly digits: number }
  | { readonly as: 'percent'; readonly digits: number };

export interface TableColumn {
  readonly key: string;
  readonly title: string;
  readonly unit?: string;
  /** Text is set left, numbers on their decimal point. */
  readonly format: TableFormat;
}

export interface PublishedTable {
  readonly kind: 'table';
  readonly columns: readonly TableColumn[];
  readonly rows: readonly { readonly [key: string]: string | number | null }[];
}

/** What ran, for the colophon; published once by the engine when it starts. */
export interface PublishedEngine {
  readonly kind: 'engine';
  readonly name: string;
  readonly version: string;
  readonly threads: number;
}

/** A data file that the run rests on, with its SHA-256, for the colophon. */
export interface PublishedSource {
  readonly kind: 'source';
  readonly name: string;
  readonly detail: string;
  readonly sha256?: string;
}

/** A training that the run rests on, for the colophon. */
export interface PublishedTraining {
  readonly kind: 'training';
  /** The same key, the same training: several cells may ask for one. */
  readonly key: string;
  /** Name of the architecture: `mlp-240`. */
  readonly model: string;
  /** Name of the data set. */
  readonly data: string;
  readonly examples: number;
  /** The options, in the order in which to print them: `{ epochs: '3', seed: '11' }`. */
  readonly settings: { readonly [name: string]: string };
  /** How long it took when it ran, which may have been in an earlier run that kept the model. */
  readonly seconds: number;
}

/** News out of a long cell; shown on the terminal and never saved. */
export interface PublishedProgress {
  readonly kind: 'progress';
  readonly text: string;
  readonly done: number;
  readonly total: number;
}

export type Published =
  | PublishedValue
  | PublishedClaim
  | PublishedFigure
  | PublishedGrid
  | PublishedTable
  | PublishedEngine
  | PublishedSource
  | PublishedTraining
  | PublishedProgress;
