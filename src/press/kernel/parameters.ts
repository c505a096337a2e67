/** The cell of injected parameters: TypeScript literals that override those of the `parameters` cell. */

import { UserError } from '../../errors.js';
import { hasTag, INJECTED, withoutInjected } from '../notebook/tags.js';
import type { CodeCell, Notebook } from '../notebook/types.js';
import { loadTypeScript, topLevelVariables, type Variable } from './typescript-of-tslab.js';

export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue };

/** The notebook with a cell tagged `injected-parameters` after the one tagged `parameters`; one of an
 *  earlier run goes. A parameter keeps the type it is declared with. Without parameters the notebook
 *  stays as it is. Throws UserError for a parameter that the cell does not declare. */
export function withParameters(
  notebook: Notebook,
  parameters: { readonly [name: string]: ParameterValue },
): Notebook {
  if (Object.keys(parameters).length === 0) return notebook;
  const { cells } = withoutInjected(notebook);
  const index = cells.findIndex((cell) => hasTag(cell, 'parameters'));
  const source = cells[index]?.source ?? '';
  const declared = topLevelVariables(loadTypeScript(), source);
  for (const name of Object.keys(parameters)) {
    if (declared.some((variable) => variable.name === name)) continue;
    const names = declared.map((variable) => variable.name);
    throw new UserError(`expected a declared parameter, got ${name}`, {
      where: { file: notebook.path, ...(index < 0 ? {} : { cell: index + 1 }) },
      hint: remedy(names),
    });
  }
  return { ...notebook, cells: cells.toSpliced(index + 1, 0, injected(parameters, declared)) };
}

function remedy(names: readonly string[]): string {
  if (names.length > 0) return `The parameters cell declares ${names.join(', ')}.`;
  return 'Declare the parameters in one cell and tag it `parameters`.';
}

function injected(
  parameters: { readonly [name: string]: ParameterValue },
  declared: readonly Variable[],
): CodeCell {
  const lines = Object.entries(parameters).map(([name, value]) => {
    const type = declared.find((variable) => variable.name === name)?.type ?? typeOf(value);
    return `const ${name}: ${type} = ${literalOf(value)};`;
  });
  return {
    cell_type: 'code',
    id: INJECTED,
    metadata: { tags: [INJECTED] },
    source: [`//| label: ${INJECTED}`, ...lines].join('\n'),
    execution_count: null,
    outputs: [],
  };
}

/** JSON is TypeScript, but for the numbers that it lacks. */
function literalOf(value: ParameterValue): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value);
  return `{ ${fields.map(([key, inner]) => `${JSON.stringify(key)}: ${literalOf(inner)}`).join(', ')} }`;
}

/** The wide type of a literal: code that compares it with other numbers must still compile. */
function typeOf(value: ParameterValue): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return `(${[...new Set(value.map(typeOf))].join(' | ') || 'any'})[]`;
  const fields = Object.entries(value);
  return `{ ${fields.map(([key, inner]) => `${JSON.stringify(key)}: ${typeOf(inner)}`).join('; ')} }`;
}
