/** Small executed notebooks, built in a line, and what composing them gives. */

import type { Place, Problem } from '../../../src/errors.js';
import { METADATA_KEY, type Published, VEGA_LITE } from '../../../src/mime.js';
import { compose } from '../../../src/press/document/compose.js';
import type { ComposeContext, Document, Token } from '../../../src/press/document/types.js';
import type { Cell, DisplayOutput, Notebook, Output } from '../../../src/press/notebook/types.js';

export const here: { where: Place } = { where: { file: 'test.ipynb', cell: 1 } };

export const SPEC = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  data: { values: [{ x: 1, y: 2 }] },
  mark: 'line',
  encoding: { x: { field: 'x' }, y: { field: 'y' } },
};

export const HEAD = { question: 'Why?', answer: 'So.' };

export function markdown(source: string): Cell {
  return { cell_type: 'markdown', id: 'text', metadata: {}, source };
}

export function code(source: string, outputs: readonly Output[] = [], tags: string[] = []): Cell {
  const id = `c${source.length}${outputs.length}`;
  return { cell_type: 'code', id, metadata: { tags }, source, execution_count: 1, outputs };
}

export function display(data: object, metadata: object = {}): DisplayOutput {
  return { output_type: 'display_data', data: { ...data }, metadata: { ...metadata } };
}

/** The output of our publish functions. */
export function publish(published: Published, data: object = {}): DisplayOutput {
  return display(data, { [METADATA_KEY]: published });
}

export function value(name: string, number: number, details: object = {}): DisplayOutput {
  return publish({ kind: 'value', name, value: number, ...details });
}

export function figure(spec: object = SPEC): DisplayOutput {
  return publish({ kind: 'figure' }, { [VEGA_LITE]: spec });
}

/** Option lines of a figure's cell. */
export function figureOptions(
  label: string,
  caption = 'A caption.',
  alt = 'What it shows.',
): string {
  return `//| label: ${label}\n//| fig-cap: "${caption}"\n//| fig-alt: "${alt}"\nfigure(spec);`;
}

export function notebookOf(cells: readonly Cell[], marginalia: object = HEAD): Notebook {
  const kernelspec = { name: 'tslab', display_name: 'TypeScript' };
  const named = cells.map((cell, index) => ({ ...cell, id: `cell${index + 1}` }));
  return { path: 'test.ipynb', metadata: { kernelspec, marginalia }, cells: named };
}

export function contextOf(given: Partial<ComposeContext> = {}): ComposeContext {
  return {
    slug: 'test',
    kicker: 'Notebook 1',
    language: 'en',
    date: '2026-11-21',
    profile: 'quick',
    verdicts: true,
    ledger: null,
    full: null,
    bibliography: '',
    colophon: [],
    ...given,
  };
}

export function composed(cells: readonly Cell[], given: Partial<ComposeContext> = {}): Document {
  return compose(notebookOf(cells), contextOf(given));
}

/** `reference-exists (cell 2, line 3)` */
export function rulesOf(problems: readonly Problem[]): string[] {
  return problems.map(({ rule, where: { cell, line } }) => {
    const place = [cell && `cell ${cell}`, line && `line ${line}`].filter(Boolean).join(', ');
    return place === '' ? rule : `${rule} (${place})`;
  });
}

/** Tokens in one readable line: `<p>at <value 99.6 %></p>`. */
export function show(tokens: readonly Token[]): string {
  return tokens.map(showToken).join('');
}

function showToken({
  type,
  tag,
  nesting,
  content,
  children,
  attrs,
  meta,
  info,
  hidden,
}: Token): string {
  if (hidden === true) return '';
  if (type === 'text') return content ?? '';
  if (type === 'inline') return show(children ?? []);
  const name = tag !== '' && type !== 'image' && nesting !== 0 ? tag : type;
  if (nesting === -1) return `</${name}>`;
  const details = [
    ...(attrs ?? []).map(([key, text]) => `${key}=${text}`),
    info,
    content,
    meta === undefined ? undefined : JSON.stringify(meta),
  ];
  return `<${[name, ...details].filter((text) => text !== undefined).join(' ')}>`;
}
