/** A notebook file as values. */

import type { z } from 'zod';
import { type Place, UserError } from '../../errors.js';
import { parseJson } from './json-text.js';
import { notebookSchema } from './schema.js';
import type { Notebook } from './types.js';

/** Reads a notebook in nbformat 4.5 for the kernel `tslab`; `path` is its name in messages.
 *  Lists of lines become strings. Throws UserError with place and remedy for a file that is not
 *  JSON, has another format or kernel, or has cells with missing, malformed or repeated ids. */
export function parseNotebook(text: string, path: string): Notebook {
  const file = parseJson(text, path);
  checkFormat(file, path);
  const parsed = notebookSchema.safeParse(file);
  if (!parsed.success) throw brokenRule(parsed.error, file, path);
  const notebook: Notebook = { path, ...parsed.data };
  checkIds(notebook);
  checkKernel(notebook);
  return notebook;
}

function checkFormat(file: unknown, path: string): void {
  const { nbformat, nbformat_minor: minor } = fields(file);
  if (nbformat === 4 && typeof minor === 'number' && minor >= 5) return;
  if (typeof nbformat !== 'number') {
    throw new UserError('expected a Jupyter notebook, got JSON without an "nbformat"', {
      where: { file: path },
      hint: 'Check that the path names a notebook.',
    });
  }
  const got = minor === undefined ? `${nbformat}` : `${nbformat}.${minor}`;
  const lack = nbformat === 4 ? ', whose cells have no ids' : '';
  throw new UserError(`expected notebook format 4.5, got ${got}${lack}`, {
    where: { file: path },
    hint: `Upgrade it: python3 -c 'import nbformat as n; p = "${path}"; n.write(n.v4.upgrade(n.read(p, 4)), p)'.`,
  });
}

/** The first rule of the format that the file breaks, in a person's words. */
function brokenRule(error: z.ZodError, file: unknown, path: string): UserError {
  const issue = error.issues[0];
  const [top, index, ...inner] = issue?.path ?? [];
  const inCell = top === 'cells' && typeof index === 'number';
  const what = (inCell ? inner : (issue?.path ?? [])).map(String).join('.') || 'a cell';
  const broken = inCell && inner[0] === 'id' ? idRule(file, index) : undefined;
  const message = `expected a valid "${what}": ${issue?.message}`;
  return new UserError(broken ?? message, {
    where: inCell ? { file: path, cell: index + 1 } : { file: path },
    hint: broken === undefined ? 'Save it again from JupyterLab.' : 'Give the cell another id.',
  });
}

function idRule(file: unknown, index: number): string {
  const cells = fields(file).cells as readonly unknown[];
  const id = JSON.stringify(fields(cells[index]).id);
  return `expected a cell id of 1 to 64 letters, digits, - and _, got ${id ?? 'none'}`;
}

function checkIds(notebook: Notebook): void {
  const first = new Map<string, number>();
  for (const [index, { id }] of notebook.cells.entries()) {
    const other = first.get(id);
    if (other !== undefined) {
      throw new UserError(`expected an id of its own, got "${id}", which cell ${other} has too`, {
        where: cellPlace(notebook, index),
        hint: 'Change the "id" of one of the two in a text editor.',
      });
    }
    first.set(id, index + 1);
  }
}

function checkKernel({ metadata, path }: Notebook): void {
  const { name } = metadata.kernelspec;
  if (name === 'tslab') return;
  throw new UserError(`expected the kernel "tslab", got "${name}"`, {
    where: { file: path },
    hint: 'Choose the TypeScript kernel in JupyterLab and save, or set metadata.kernelspec.name.',
  });
}

const cellPlace = ({ path }: Notebook, index: number): Place => ({ file: path, cell: index + 1 });

/** The fields of an object; of anything else, none. */
function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
