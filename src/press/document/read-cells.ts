import type { Place } from '../../errors.js';
import { cellOptions } from '../notebook/cell-options.js';
import { hasTag, isInjected } from '../notebook/tags.js';
import type { CellOptions, CodeCell, MarkdownCell, Notebook } from '../notebook/types.js';
import { type Role, roleOf } from './exercises.js';
import { checkExhibits } from './exhibit-checks.js';
import { type Exhibit, findExhibits } from './exhibits.js';
import { parseInline, parseMarkdown } from './markdown.js';
import { type PublishedReading, readPublished } from './published.js';
import type { Report, SourceText, SourceToken } from './source-token.js';

/** A Markdown cell, read. */
export interface MarkdownPart {
  readonly kind: 'markdown';
  readonly role: Role;
  readonly where: Place;
  readonly tokens: readonly SourceToken[];
}

/** A code cell, read: what its options, its metadata and its outputs say. */
export interface CodePart {
  readonly kind: 'code';
  readonly role: Role;
  readonly where: Place;
  readonly cell: CodeCell;
  readonly options: CellOptions;
  /** The source without its option lines. */
  readonly code: string;
  /** Element id that stands for the cell; empty where the page shows nothing of it. */
  readonly element: string;
  /** Our metadata, one reading an output. */
  readonly readings: readonly PublishedReading[];
  readonly exhibits: readonly Exhibit[];
  readonly caption: SourceText;
  readonly alt: SourceText;
  /** Captions and alternative texts of the parts of its figure, in their order. */
  readonly partCaptions: readonly SourceText[];
  readonly partAlts: readonly SourceText[];
}

export type Part = MarkdownPart | CodePart;

/** Every text that the options of a cell hold. */
export function optionTexts({ caption, alt, partCaptions, partAlts }: CodePart): SourceText[] {
  return [caption, alt, ...partCaptions, ...partAlts];
}

/** Reads every cell that the page may show or quote; marks in the text are not filled in yet. */
export function readCells(notebook: Notebook, report: Report): Part[] {
  const parts: Part[] = [];
  let position = 0;
  for (const cell of notebook.cells) {
    // Cells are counted as in the author's file, which lacks the injected one.
    if (!isInjected(cell)) position += 1;
    const place: Place = { file: notebook.path, cell: position };
    if (cell.cell_type === 'code') parts.push(readCode(cell, place, report));
    else if (cell.cell_type === 'markdown' && !hasTag(cell, 'remove-cell')) {
      parts.push(readMarkdown(cell, place, report));
    }
  }
  return parts;
}

function readMarkdown(cell: MarkdownCell, where: Place, report: Report): MarkdownPart {
  const { source, attachments } = cell;
  const place = attachments === undefined ? { where } : { where, attachments };
  const tokens = parseMarkdown(source, place, report);
  return { kind: 'markdown', role: roleOf(cell), where, tokens };
}

function readCode(cell: CodeCell, place: Place, report: Report): CodePart {
  const { options, code, problems } = cellOptions(cell, place);
  for (const problem of problems) report(problem);
  const { label, caption = '', alt = '', partCaptions = [], partAlts = [] } = options;
  const where: Place = label === undefined ? place : { ...place, label };
  const readings = cell.outputs.map(readPublished);
  const exhibits = findExhibits(cell, options, readings);
  checkReadings(readings, where, report);
  const read = (key: RegExp) => (text: string) => readOption(key, text, cell, where, report);
  if (options.include && options.output) checkExhibits(exhibits, cell, options, where, report);
  return {
    kind: 'code',
    role: roleOf(cell),
    where,
    cell,
    options,
    code,
    element: elementOf(cell, options, code, exhibits),
    readings,
    exhibits: options.include && options.output ? exhibits : [],
    caption: read(/-cap:/)(caption),
    alt: read(/-alt:/)(alt),
    partCaptions: partCaptions.map(read(/-subcap:/)),
    partAlts: partAlts.map(read(/-alt:/)),
  };
}

/** The text of an option, with the line on which the option stands. */
function readOption(
  key: RegExp,
  text: string,
  cell: CodeCell,
  cellPlace: Place,
  report: Report,
): SourceText {
  const line = cell.source.split('\n').findIndex((source) => key.test(source)) + 1;
  const where = { ...cellPlace, line };
  return { where, tokens: parseInline(text, { where }, report) };
}

function elementOf(
  cell: CodeCell,
  options: CellOptions,
  code: string,
  exhibits: readonly Exhibit[],
): string {
  if (options.include && options.echo && code.trim() !== '') return `cell-${cell.id}`;
  return options.include && options.output ? (exhibits[0]?.id ?? '') : '';
}

function checkReadings(readings: readonly PublishedReading[], where: Place, report: Report): void {
  for (const reading of readings) {
    if (reading.state !== 'wrong') continue;
    report({
      rule: 'published-form',
      severity: 'error',
      where,
      message: `expected an output in the form of our publish functions, got ${reading.reason}`,
      hint: 'Publish with figure, grid, table, value or claim of the package.',
    });
  }
}
