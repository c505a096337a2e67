/** A run in profile `full`: what is kept of it, and how a report of another run names it. */

import { readPublished } from '../document/published.js';
import type { ColophonEntry, FullValues } from '../document/types.js';
import { codeHash } from '../notebook/code-hash.js';
import { withoutInjected } from '../notebook/tags.js';
import type { Notebook } from '../notebook/types.js';
import type { MeasuredRun } from './measured.js';
import { parametersText } from './provenance.js';
import type { SavedNotebook } from './saved-notebook.js';

/** What `measured.json` keeps of a run: its facts, and every number that cells published. */
export function fullRunOf({ notebook, run }: SavedNotebook): MeasuredRun {
  const { date, seconds, commit, version, node, machine, parameters } = run;
  const about = { date, seconds, version, node, machine, parameters };
  const values = valuesOf(notebook);
  return { ...about, ...(commit !== undefined && { commit }), code: codeOf(notebook), values };
}

/** The colophon's line about the full run whose values stand on the page of `notebook`. */
export function fullRunEntry(full: MeasuredRun | null, notebook: Notebook): ColophonEntry[] {
  if (full === null) return [];
  const parameters = parametersText(full);
  const parts = [
    full.date.slice(0, 10),
    `${full.seconds.toFixed(0)} s`,
    ...(full.commit === undefined ? [] : [`commit ${full.commit}`]),
    ...(full.code === codeOf(notebook) ? [] : ['of an earlier version of this notebook’s code']),
    ...(parameters === '' ? [] : [parameters]),
  ];
  return [{ name: 'Full run', text: parts.join(', ') }];
}

/** Hash of the author's own code: that of the injected cell is in `parameters`. */
function codeOf(notebook: Notebook): string {
  return codeHash(withoutInjected(notebook));
}

/** By name; a second value under one name is told when the report is composed. */
function valuesOf({ cells }: Notebook): FullValues {
  const outputs = cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
  const entries = outputs.map(readPublished).flatMap((reading) => {
    if (reading.state !== 'read' || reading.published.kind !== 'value') return [];
    const { kind: _, name, ...value } = reading.published;
    return [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
