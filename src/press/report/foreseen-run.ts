/** An unexecuted notebook with stand-ins for what its cells will publish, so that the document stage
 *  can look for mistakes before anything has run. */

import { METADATA_KEY, type Published, VEGA_LITE } from '../../mime.js';
import type { Ledger } from '../document/types.js';
import { type Foreseen, foresee } from '../kernel/foresee.js';
import type { Step } from '../notebook/steps.js';
import type { DisplayOutput, Notebook } from '../notebook/types.js';

/** A number that nobody types into a text. */
const STAND_IN = 1e300;

/** The notebook as a run would leave it, as far as the code of its steps tells. Where a cell puts a
 *  name together, it stands for every name that a text or a rule asks for and that fits. */
export function foreseenRun(
  notebook: Notebook,
  steps: readonly Step[],
  ledger: Ledger | null,
): Notebook {
  const foreseen = foresee(steps.map(({ code }) => code));
  const wanted = wantedNames(notebook, ledger, foreseen.flat());
  const outputs = new Map(
    steps.map(({ cell, options }, index) => [
      cell.id,
      promised(options.label ?? '', foreseen[index] ?? []).flatMap((one) => outputsOf(one, wanted)),
    ]),
  );
  const cells = notebook.cells.map((cell) => {
    const given = outputs.get(cell.id);
    return cell.cell_type === 'code' && given !== undefined ? { ...cell, outputs: given } : cell;
  });
  return { ...notebook, cells };
}

interface Wanted {
  readonly value: ReadonlySet<string>;
  /** Claims that no cell names; each is published once. */
  readonly claim: Set<string>;
}

function wantedNames(
  notebook: Notebook,
  ledger: Ledger | null,
  foreseen: readonly Foreseen[],
): Wanted {
  const claims = ledger?.claims ?? [];
  const texts = JSON.stringify([
    notebook.metadata,
    notebook.cells.map(({ source }) => source),
    claims,
  ]);
  const quoted = [...texts.matchAll(/\{\{\s*([^{}|\s\\]+)/g)].map((match) => match[1] ?? '');
  const ruled = claims.flatMap(({ rules = [] }) =>
    rules.flatMap(({ value, than }) => [value, than]),
  );
  const named = foreseen.flatMap((one) => ('name' in one ? one.name.join('…') : []));
  return {
    value: new Set([...quoted, ...ruled.map(String)]),
    claim: new Set(claims.map(({ id }) => id).filter((id) => !named.includes(id))),
  };
}

/** A cell labelled as a figure or a table may show it in a way that cannot be seen in its code. */
function promised(label: string, foreseen: readonly Foreseen[]): readonly Foreseen[] {
  if (foreseen.some(({ kind }) => kind === 'figure' || kind === 'grid' || kind === 'table')) {
    return foreseen;
  }
  if (label.startsWith('fig-')) return [...foreseen, { kind: 'figure' }];
  return label.startsWith('tbl-') ? [...foreseen, { kind: 'table' }] : foreseen;
}

function outputsOf(one: Foreseen, wanted: Wanted): DisplayOutput[] {
  switch (one.kind) {
    case 'figure':
      return [
        display({ kind: 'figure' }, { [VEGA_LITE]: { data: { values: [] }, mark: 'point' } }),
      ];
    case 'grid':
      return [display({ kind: 'grid', rows: [], scale: 1 })];
    case 'table':
      return [display({ kind: 'table', columns: [], rows: [] })];
    case 'value':
      return fitting(one.name, wanted.value).map((name) =>
        display({ kind: 'value', name, value: STAND_IN }),
      );
    case 'claim': {
      const ids = fitting(one.name, wanted.claim);
      for (const id of ids) wanted.claim.delete(id);
      return ids.map((id) => display({ kind: 'claim', id }));
    }
  }
}

function display(published: Published, data: DisplayOutput['data'] = {}): DisplayOutput {
  return { output_type: 'display_data', data, metadata: { [METADATA_KEY]: published } };
}

/** The name itself, or the wanted names that have its pieces. */
function fitting(pieces: readonly string[], wanted: ReadonlySet<string>): string[] {
  const [whole = ''] = pieces;
  if (pieces.length === 1) return [whole];
  const escaped = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${escaped.join('.+')}$`);
  return [...wanted].filter((name) => pattern.test(name));
}
