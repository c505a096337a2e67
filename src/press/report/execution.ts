/** The executed notebook: out of the cache when nothing that runs has changed, else from the kernel. */

import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { executeNotebook, type KernelEvent } from '../kernel/execute.js';
import { cellOptions } from '../notebook/cell-options.js';
import { codeHash } from '../notebook/code-hash.js';
import { notebookSchema } from '../notebook/schema.js';
import { isInjected } from '../notebook/tags.js';
import type { Cell, CodeCell, Notebook } from '../notebook/types.js';
import type { BookItem } from './config.js';
import type { BuildEffects } from './effects.js';
import { engineFingerprint, fingerprint, labFingerprint } from './fingerprint.js';
import { keep, readKept } from './kept.js';
import { namedFiles } from './named-files.js';
import { describeRun, type Run, runSchema } from './provenance.js';
import type { BuildRequest } from './request.js';
import { readSavedNotebook } from './saved-notebook.js';

export interface Executed {
  readonly notebook: Notebook;
  readonly run: Run;
  /** Only the first cells ran: the build is to finish. */
  readonly unfinished?: { readonly ran: number; readonly of: number };
}

/** Gives `source` its outputs. Throws UserError with cell and line when a cell fails. */
export async function executed(
  source: Notebook,
  item: BookItem,
  { profile, cellTimeoutSeconds }: Pick<BuildRequest, 'profile' | 'cellTimeoutSeconds'>,
  effects: BuildEffects,
  onEvent: (event: KernelEvent) => void,
): Promise<Executed> {
  const store = join(effects.cacheFolder, 'executions');
  const key = await executionKey(source, item, profile, effects);
  const kept = readExecuted(await readKept(store, key));
  if (kept !== null) return { notebook: withOutputs(source, kept.notebook), run: kept.run };
  const about = await describeRun(effects.packageFolder);
  const date = effects.now().toISOString();
  const { notebook, failure, seconds, peakMemory, ran, of } = await executeNotebook(source, {
    cwd: dirname(item.path),
    // The kernel runs in another folder: a relative name would mean another cache there.
    env: { MARGINALIA_CACHE: resolve(effects.cacheFolder) },
    parameters: item.parameters,
    signal: effects.signal,
    finish: effects.finish,
    onEvent,
    ...(cellTimeoutSeconds === undefined ? {} : { cellTimeoutSeconds }),
  });
  if (failure !== null) throw failure;
  const memory = peakMemory === null ? {} : { peakMemory };
  const run: Run = { ...about, date, seconds, profile, parameters: item.parameters, ...memory };
  if (ran < of) return { notebook, run, unfinished: { ran, of } };
  await keep(store, key, JSON.stringify({ notebook, run })).catch((cause: unknown) => {
    effects.warn(`warning: ${item.shownPath}: the results were not kept for next time: ${cause}`);
  });
  return { notebook, run };
}

const executedSchema = z.object({ notebook: notebookSchema, run: runSchema });

/** Null for what no build of this version wrote. */
function readExecuted(text = ''): z.infer<typeof executedSchema> | null {
  try {
    return executedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Everything the outputs depend on: the cells and the files that they name, the lab, packages and
 *  data, parameters, engine; and the profile, which the report names. */
async function executionKey(
  source: Notebook,
  item: BookItem,
  profile: string,
  effects: BuildEffects,
): Promise<string> {
  const cells = source.cells.filter((cell) => cell.cell_type === 'code');
  const texts = [...cells.map((cell) => cell.source), JSON.stringify(item.parameters)];
  const parts = {
    code: codeHash(source),
    ids: cells.map((cell) => cell.id),
    files: await namedFiles(texts.join('\n'), dirname(item.path)),
    lab: await labFingerprint(effects.packageFolder),
    engine: engineFingerprint(effects.packageFolder),
    parameters: item.parameters,
    profile,
  };
  return `execution:${item.slug}:${fingerprint(parts)}`;
}

/** The prose of `source` with the outputs of `run`, cell by cell; the cell of injected parameters,
 *  which only the run has, keeps its place after the cell it overrides. */
function withOutputs(source: Notebook, run: Pick<Notebook, 'cells'>): Notebook {
  const done = new Map(run.cells.map((cell) => [cell.id, cell]));
  const cells = source.cells.flatMap((cell): Cell[] => {
    const ran = done.get(cell.id);
    if (cell.cell_type !== 'code' || ran?.cell_type !== 'code') return [cell];
    const { execution } = ran.metadata;
    const metadata = execution === undefined ? cell.metadata : { ...cell.metadata, execution };
    const { outputs, execution_count } = ran;
    const next = run.cells[run.cells.indexOf(ran) + 1];
    const injected = next !== undefined && isInjected(next) ? [next] : [];
    return [{ ...cell, metadata, outputs, execution_count }, ...injected];
  });
  return { ...source, cells };
}

/** The outputs of an earlier build, which stand in the notebook at `path`. Warns of cells whose code
 *  is not the code that ran. Throws UserError when there was no such build. */
export async function earlier(
  source: Notebook,
  path: string,
  warn: (line: string) => void,
): Promise<Executed> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const saved = text === null ? null : readSavedNotebook(text, path);
  if (saved === null) {
    throw new UserError('expected an executed notebook from an earlier build, got none', {
      where: { file: source.path },
      hint: 'Build once without --no-execute.',
    });
  }
  const edited = editedCells(source, saved.notebook);
  if (edited.length > 0) {
    const hint = 'Build without --no-execute to run it.';
    warn(
      `warning: ${source.path}: the code has changed since it ran: ${edited.join(', ')}. ${hint}`,
    );
  }
  return { notebook: withOutputs(source, saved.notebook), run: saved.run };
}

/** Labels of the cells of `source` that did not run as they stand. */
function editedCells(source: Notebook, run: Notebook): string[] {
  const read = (cell: CodeCell) => cellOptions(cell, { file: source.path });
  const ran = new Map(run.cells.map((cell) => [cell.id, cell]));
  return source.cells.flatMap((cell) => {
    if (cell.cell_type !== 'code') return [];
    const { options, code } = read(cell);
    const before = ran.get(cell.id);
    const same = before?.cell_type === 'code' && read(before).code === code;
    return same || code.trim() === '' ? [] : [options.label ?? cell.id];
  });
}
