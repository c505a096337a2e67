/** The document tree: all that a report says, before anyone decides how it looks.
 *  Every value here is plain JSON, so a document can be saved, compared and printed twice. */

import type { Problem } from '../../errors.js';
import type { GridImage, PublishedValue, TableColumn, VegaLiteSpec } from '../../mime.js';

/** A markdown-it token as plain JSON; fields that would be null, empty or false are left out.
 *  Prose holds block tokens (`paragraph_open`, `inline`, …). Headings, captions, claims, the answer
 *  and the highlights hold inline tokens only: the children of one `inline`.
 *  Besides markdown-it's own types and those of markdown-it-footnote (whose `meta.id` counts from 0
 *  through the whole notebook) there are:
 *  `math_inline`, `math_block` (content = TeX; a block has `meta: {id?, number?}`),
 *  `value` (content = the formatted number, `meta: ValueMark`),
 *  `reference` (content = `Figure 3`, `meta: {target}`),
 *  `citation` (content = `(Goodfellow et al., 2015, sec. 4)`, `meta: {keys: string[]}`),
 *  `callout_open` and `callout_close` (info = `note`, `tip`, `important`, `warning` or `caution`),
 *  around block tokens; first come `callout_title_open` (same info) and `callout_title_close`, with
 *  an `inline` between them where there is a title;
 *  `checkbox_input` at the head of a task (attrs has `checked` where it is done), whose list and item
 *  have the classes `tasks` and `task`; `dl_open`, `dt_open`, `dd_open` of a definition list.
 *  A `link_open` has a checked `href` (http, https, mailto, `#` or relative); an `image` has a `data:`
 *  address of a PNG, JPEG, GIF or WebP picture as `src`. */
export interface Token {
  readonly type: string;
  readonly tag: string;
  readonly nesting: 1 | 0 | -1;
  readonly attrs?: readonly (readonly [name: string, value: string])[];
  readonly content?: string;
  readonly markup?: string;
  readonly info?: string;
  readonly meta?: { readonly [key: string]: unknown };
  readonly children?: readonly Token[];
  readonly block?: boolean;
  readonly hidden?: boolean;
}

/** Where a printed number comes from: shown on hover, a click goes to the cell. */
export interface ValueMark {
  readonly name: string;
  readonly value: number;
  readonly interval?: readonly [number, number];
  readonly n?: number;
  readonly seeds?: number;
  /** What the full run measured under this name, printed as the number itself. */
  readonly full?: string;
  /** Element id to go to: `cell-<id>`, or the cell's figure where the code is not printed; empty
   *  where the page shows nothing of the cell. */
  readonly cell: string;
}

export type Verdict = 'holds' | 'holds in part' | 'differs' | 'not tested here';

/** One comparison of a claim's rule, with what was measured. */
export interface ClaimCheck {
  /** Published name on the left side. */
  readonly name: string;
  readonly measured: number;
  readonly interval?: readonly [number, number];
  readonly op: '>=' | '<=' | 'within';
  readonly than: number;
  /** Published name on the right side, where it is no plain number. */
  readonly thanName?: string;
  readonly tolerance?: number;
  readonly holds: boolean;
  /** `99.6 % ≥ 99 %`, ready to print. */
  readonly text: string;
}

/** What the values of the full run give by the rules of the claim. */
export interface FullVerdict {
  readonly verdict: Exclude<Verdict, 'not tested here'>;
  /** What was measured, ready to print. */
  readonly here: string;
  readonly checks: readonly ClaimCheck[];
  readonly n?: number;
  readonly seeds?: number;
}

export interface ClaimView {
  readonly id: string;
  /** One sentence, Markdown tokens. */
  readonly claim: readonly Token[];
  readonly tier: 'core' | 'support';
  /** Short citation of the paper, `Goodfellow et al. 2015`, and its bibliography key. */
  readonly paper: { readonly key: string; readonly short: string };
  readonly section: string;
  /** What the paper or the notes give, ready to print; absent when they give no number. */
  readonly paperSays?: string;
  /** The paper's setting, in one phrase. */
  readonly setting?: string;
  /** What was measured, ready to print; absent where this run did not test the claim. */
  readonly here?: string;
  /** That of this run; where it did not test the claim, that of the full run. */
  readonly verdict: Verdict;
  readonly checks: readonly ClaimCheck[];
  readonly n?: number;
  readonly seeds?: number;
  readonly reduced?: string;
  /** Absent where the full run did not test the claim, and where the page shows the full run. */
  readonly full?: FullVerdict;
  /** Why it was not tested. */
  readonly open?: string;
  /** A slip of the paper or of the notes that the reader should know, Markdown tokens. */
  readonly slip?: readonly Token[];
  /** Element id of its box in the text, `claim-<id>`; absent when only the ledger table has it. */
  readonly box?: string;
}

export interface HeadingBlock {
  readonly kind: 'heading';
  readonly level: 2 | 3;
  readonly id: string;
  /** `3.2`, or empty for an unnumbered heading. */
  readonly number: string;
  /** Plain text, for the contents and the PDF outline. */
  readonly text: string;
  readonly tokens: readonly Token[];
}

export interface ProseBlock {
  readonly kind: 'prose';
  readonly tokens: readonly Token[];
}

export interface CodeBlock {
  readonly kind: 'code';
  /** Element id, `cell-<cell id>`. */
  readonly id: string;
  readonly source: string;
  readonly language: 'typescript';
  readonly fold: 'fold' | 'show' | 'none';
  /** The line a folded cell shows. */
  readonly summary: string;
  /** Wall-clock time of the cell, seconds. */
  readonly seconds?: number;
}

export type PlotBody =
  | { readonly type: 'vega-lite'; readonly spec: VegaLiteSpec }
  | {
      readonly type: 'grid';
      readonly rows: readonly (readonly GridImage[])[];
      readonly heads?: readonly string[];
      readonly signs?: readonly string[];
      readonly scale: number;
    };

/** One of several plots that share a number and a caption. */
export interface FigurePart {
  /** Element id and label: that of the figure and the letter, `fig-growth-a`. */
  readonly id: string;
  readonly letter: string;
  readonly caption: readonly Token[];
  readonly alt: string;
  readonly body: PlotBody;
}

export type FigureBody =
  | PlotBody
  | { readonly type: 'parts'; readonly parts: readonly FigurePart[] };

export interface FigureBlock {
  readonly kind: 'figure';
  /** The label, `fig-growth`, which is the element id too. */
  readonly id: string;
  readonly number: string;
  readonly caption: readonly Token[];
  /** Plain text with values filled in; empty where each part has its own. */
  readonly alt: string;
  readonly width: 'text' | 'wide';
  readonly body: FigureBody;
}

export interface TableBlock {
  readonly kind: 'table';
  readonly id: string;
  readonly number: string;
  readonly caption: readonly Token[];
  readonly columns: readonly TableColumn[];
  readonly rows: readonly { readonly [key: string]: string | number | null }[];
}

export interface ClaimBlock {
  readonly kind: 'claim';
  readonly claim: ClaimView;
}

/** What a cell wrote or displayed without our own metadata: untrusted, sanitised when printed. */
export type OutputBlock =
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'svg'; readonly svg: string }
  | { readonly kind: 'vega-lite'; readonly spec: VegaLiteSpec }
  | {
      readonly kind: 'image';
      readonly mime: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
      /** Base64. */
      readonly data: string;
      readonly alt: string;
    }
  | { readonly kind: 'unsupported'; readonly mimes: readonly string[] }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly traceback: readonly string[];
    };

/** What a cell tagged `exercise` shows. */
export interface ExerciseBlock {
  readonly kind: 'exercise';
  readonly blocks: readonly Block[];
}

/** What cells tagged `solution` show, one after another: folded on screen, open on paper. */
export interface SolutionBlock {
  readonly kind: 'solution';
  readonly blocks: readonly Block[];
}

/** Placeholders that the author puts in the text as `::: claims`, `::: references`; where they are
 *  missing, the page ends with both under headings of their own. */
export interface ClaimsTableBlock {
  readonly kind: 'claims-table';
}

export interface ReferencesBlock {
  readonly kind: 'references';
}

export type Block =
  | HeadingBlock
  | ProseBlock
  | CodeBlock
  | FigureBlock
  | TableBlock
  | ClaimBlock
  | OutputBlock
  | ExerciseBlock
  | SolutionBlock
  | ClaimsTableBlock
  | ReferencesBlock;

export interface Reference {
  readonly key: string;
  /** Element id, `ref-goodfellow2015`. */
  readonly id: string;
  /** Formatted entry; HTML made by the citation library from our own .bib file. */
  readonly html: string;
  readonly short: string;
}

/** One line of the colophon. */
export interface ColophonEntry {
  readonly name: string;
  readonly text: string;
}

export interface Author {
  readonly name: string;
  readonly affiliation?: string;
}

export interface DocumentMeta {
  /** `01-linear-explanation`: file name without ending, in addresses and cross-links. */
  readonly slug: string;
  readonly title: string;
  /** Inline tokens. */
  readonly subtitle?: readonly Token[];
  readonly authors?: readonly Author[];
  /** Inline tokens. */
  readonly abstract?: readonly Token[];
  /** `Notebook 1 · Adversarial examples`. */
  readonly kicker: string;
  /** The one-sentence answer, tokens (may hold values). */
  readonly answer: readonly Token[];
  readonly question: string;
  /** Up to three measured values that answer the question. */
  readonly highlights: readonly { readonly tokens: readonly Token[]; readonly text: string }[];
  /** The paper the notebook follows, formatted for the head. */
  readonly paper?: { readonly key: string; readonly html: string; readonly short: string };
  readonly language: string;
  /** ISO date, `2026-11-21`: that of the text where it has one, else that of the run. */
  readonly date: string;
  readonly readingMinutes: number;
  readonly profile: string;
}

export interface Document {
  readonly meta: DocumentMeta;
  readonly blocks: readonly Block[];
  readonly claims: readonly ClaimView[];
  readonly references: readonly Reference[];
  readonly colophon: readonly ColophonEntry[];
  readonly problems: readonly Problem[];
}

/** What the notebook measured when it last ran in profile `full`, by name. */
export interface FullValues {
  readonly [name: string]: Omit<PublishedValue, 'kind' | 'name'>;
}

/** What composing needs besides the notebook. */
export interface ComposeContext {
  readonly slug: string;
  readonly kicker: string;
  /** Language tag of the text, where the notebook names none. */
  readonly language: string;
  readonly date: string;
  readonly profile: string;
  /** Smoke runs measure nothing worth judging: every verdict is withheld. */
  readonly verdicts: boolean;
  readonly ledger: Ledger | null;
  /** Shown beside the values of this run; null where there are none, or this run is that run. */
  readonly full: FullValues | null;
  /** Contents of `references.bib`. */
  readonly bibliography: string;
  readonly colophon: readonly ColophonEntry[];
}

type RuleBound = number | string;

/** One comparison. `than` is a number or the name of another published value. */
export interface LedgerRule {
  readonly value: string;
  readonly op: '>=' | '<=' | 'within';
  readonly than: RuleBound;
  /** Absolute; only with `within`, where it is needed. */
  readonly tolerance?: number;
  /** How to print both sides, a filter as in prose: `percent 1`. */
  readonly as?: string;
}

export interface LedgerClaim {
  readonly id: string;
  /** Line of the ledger on which it begins. */
  readonly line: number;
  /** Places in the notes that state the claim. */
  readonly note: readonly { readonly file: string; readonly lines: string }[];
  readonly paper: string;
  readonly section: string;
  readonly claim: string;
  readonly kind: string;
  readonly tier: 'core' | 'support';
  /** What the paper or the notes give, one line ready to print, and in which setting. */
  readonly says?: string;
  readonly setting?: string;
  /** How the claim is checked, in words. */
  readonly check?: string;
  readonly slip?: string;
  /** What was measured, in the words of `says`, with `{{values}}`; without it the rules' values
   *  are printed bare. */
  readonly measured?: string;
  /** All must hold for `holds`; some for `holds in part`. */
  readonly rules?: readonly LedgerRule[];
  /** Why there is no rule yet. */
  readonly open?: string;
  /** Earlier rules with the date and the reason of the change. */
  readonly history?: readonly {
    readonly date: string;
    readonly rules: readonly LedgerRule[];
    readonly reason: string;
  }[];
}

export interface Ledger {
  /** The file it was read from, for messages. */
  readonly path: string;
  readonly version: 1;
  readonly notebook: string;
  readonly claims: readonly LedgerClaim[];
}
