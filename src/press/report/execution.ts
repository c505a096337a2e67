/** The executed notebook: out of the cache when nothing that runs has changed, else from the kernel. */

import { dirname, join } from 'node:path';
import cacache from 'cacache';
import { UserError } from '../../errors.js';
import { executeNotebook, type KernelEvent } from '../kernel/execute.js';
import { codeHash } from '../notebook/code-hash.js';
import type { Cell, Notebook } from '../notebook/types.js';
import type { BookItem } from './config.js';
import type { BuildEffects } from './effects.js';
import { engineFingerprint, fingerprint, labFingerprint } from './fingerprint.js';
import { describeRun, type Run } from './provenance.js';

export interface Executed {
  readonly notebook: Notebook;
  readonly run: Run;
  /** It came from the cache. */
  readonly cached: boolean;
}

/** Gives `source` its outputs. Throws UserError with cell and line when a cell fails. */
export async function executed(
  source: Notebook,
  item: BookItem,
  profile: string,
  effects: BuildEffects,
  onEvent: (event: KernelEvent) => void,
): Promise<Executed> {
  const key = await executionKey(source, item, effects);
  const saved = await cacache.get(store(effects), key).catch(() => null);
  if (saved !== null) {
    const { notebook, run } = JSON.parse(saved.data.toString()) as Omit<Executed, 'cached'>;
    return { notebook: withOutputs(source, notebook), run, cached: true };
  }
  const about = await describeRun(effects.packageFolder);
  const date = effects.now().toISOString();
  const { notebook, failure, seconds } = await executeNotebook(source, {
    cwd: dirname(item.path),
    parameters: item.parameters,
    signal: effects.signal,
    onEvent,
  });
  if (failure !== null) throw failure;
  const run: Run = { ...about, date, seconds, profile, parameters: item.parameters };
  await cacache.put(store(effects), key, JSON.stringify({ notebook, run }));
  return { notebook, run, cached: false };
}

const store = (effects: BuildEffects): string => join(effects.cacheFolder, 'executions');

/** Everything the outputs depend on: the cells, the lab, packages and data, parameters, engine. */
async function executionKey(source: Notebook, item: BookItem, effects: BuildEffects) {
  const parts = {
    code: codeHash(source),
    ids: source.cells.filter((cell) => cell.cell_type === 'code').map((cell) => cell.id),
    lab: await labFingerprint(effects.packageFolder),
    engine: engineFingerprint(effects.packageFolder),
    parameters: item.parameters,
  };
  return `execution:${item.slug}:${fingerprint(parts)}`;
}

/** The prose of `source` with the outputs of `run`, cell by cell; the cell of injected parameters,
 *  which only the run has, keeps its place after the cell it overrides. */
export function withOutputs(source: Notebook, run: Notebook): Notebook {
  const done = new Map(run.cells.map((cell) => [cell.id, cell]));
  const cells = source.cells.flatMap((cell): Cell[] => {
    const ran = done.get(cell.id);
    if (cell.cell_type !== 'code' || ran?.cell_type !== 'code') return [cell];
    const { execution } = ran.metadata;
    const metadata = execution === undefined ? cell.metadata : { ...cell.metadata, execution };
    const merged = {
      ...cell,
      metadata,
      outputs: ran.outputs,
      execution_count: ran.execution_count,
    };
    const next = run.cells[run.cells.indexOf(ran) + 1];
    return next?.metadata.tags?.includes('injected-parameters') ? [merged, next] : [merged];
  });
  return { ...source, cells };
}

/** The outputs of an earlier build, for `--no-execute`. */
export function earlier(source: Notebook, before: Notebook | null, run: Run | null): Executed {
  if (before === null || run === null) {
    throw new UserError('expected an executed notebook from an earlier build, got none', {
      where: { file: source.path },
      hint: 'Build once without --no-execute.',
    });
  }
  return { notebook: withOutputs(source, before), run, cached: true };
}
