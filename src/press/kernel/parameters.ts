/** The cell of injected parameters: TypeScript literals that override those of the `parameters` cell. */

import { UserError } from '../../errors.js';
import type { Cell, CodeCell, Notebook } from '../notebook/types.js';

export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue };

/** The notebook with a cell tagged `injected-parameters` after the one tagged `parameters`.
 *  Throws UserError for a parameter that the cell does not declare. */
export function withParameters(
  notebook: Notebook,
  parameters: { readonly [name: string]: ParameterValue },
): Notebook {
  const names = Object.keys(parameters);
  if (names.length === 0) return notebook;
  const index = notebook.cells.findIndex((cell) => cell.metadata.tags?.includes('parameters'));
  const declared = index < 0 ? [] : declaredNames((notebook.cells[index] as Cell).source);
  const unknown = names.find((name) => !declared.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`expected a declared parameter, got ${unknown}`, {
      where: { file: notebook.path },
      hint:
        index < 0
          ? 'Tag the cell that declares the parameters with `parameters`.'
          : `The parameters cell declares ${declared.join(', ')}.`,
    });
  }
  const cells = notebook.cells.filter(
    (cell) => !cell.metadata.tags?.includes('injected-parameters'),
  );
  return {
    ...notebook,
    cells: cells.toSpliced(
      cells.indexOf(notebook.cells[index] as Cell) + 1,
      0,
      injected(parameters),
    ),
  };
}

function injected(parameters: { readonly [name: string]: ParameterValue }): CodeCell {
  const lines = Object.entries(parameters).map(
    ([name, value]) => `const ${name}: ${typeOf(value)} = ${JSON.stringify(value)};`,
  );
  return {
    cell_type: 'code',
    id: 'injected-parameters',
    metadata: { tags: ['injected-parameters'] },
    source: ['//| label: injected-parameters', ...lines].join('\n'),
    execution_count: null,
    outputs: [],
  };
}

function declaredNames(source: string): string[] {
  return [...source.matchAll(/^\s*(?:const|let|var)\s+([A-Za-z_$][\w$]*)/gm)].map(
    ([, name]) => name as string,
  );
}

/** The wide type of a literal: code that compares it with other numbers must still compile. */
function typeOf(value: ParameterValue): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (!Array.isArray(value)) return 'any';
  const members = [...new Set(value.map(typeOf))];
  return members.length === 0 ? 'any[]' : `(${members.join(' | ')})[]`;
}
