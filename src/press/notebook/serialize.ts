/** A notebook as the text of its file. */

import type { Cell, MimeBundle, Notebook, Output } from './types.js';

/** nbformat 4.5 as Jupyter writes it: keys in alphabetical order, one space of indent, text as lists
 *  of lines, a line end at the end. Reading the text and writing it again gives the same text. */
export function serializeNotebook(notebook: Notebook): string {
  const file = {
    cells: notebook.cells.map(cellInFile),
    metadata: notebook.metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(sorted(file), null, 1)}\n`;
}

function cellInFile(cell: Cell): object {
  const source = lines(cell.source);
  if (cell.cell_type === 'code')
    return { ...cell, source, outputs: cell.outputs.map(outputInFile) };
  if (cell.attachments === undefined) return { ...cell, source };
  const attachments = Object.entries(cell.attachments).map(([name, data]) => [name, inFile(data)]);
  return { ...cell, source, attachments: Object.fromEntries(attachments) };
}

function outputInFile(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: lines(output.text) };
  if (output.output_type === 'error') return output;
  return { ...output, data: inFile(output.data) };
}

function inFile(data: MimeBundle): MimeBundle {
  const entries = Object.entries(data).map(([mime, value]) => [
    mime,
    typeof value === 'string' && isText(mime) ? lines(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** The types that Jupyter writes line by line; Base64 stays in one piece. */
function isText(mime: string): boolean {
  return mime.startsWith('text/') || ['image/svg+xml', 'application/javascript'].includes(mime);
}

/** Lines with their ends; no lines for no text. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
