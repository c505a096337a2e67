/** `check`: looks for the mistakes of notebooks without running them. The document stage and the
 *  kernel's compiler do most of it; `check-rules.ts` has what they do not see. */

import { dirname } from 'node:path';
import { type Problem, UserError } from '../../errors.js';
import { parseLedger } from '../document/claims.js';
import { compose } from '../document/compose.js';
import type { Ledger } from '../document/types.js';
import { type TypeChecker, typeChecker } from '../kernel/check-types.js';
import { parseNotebook } from '../notebook/parse.js';
import { type Step, stepsOf } from '../notebook/steps.js';
import { withoutInjected } from '../notebook/tags.js';
import type { Notebook } from '../notebook/types.js';
import { typeProblems } from './check-cell-types.js';
import { sourceProblems, unplacedClaims } from './check-rules.js';
import type { BookItem } from './config.js';
import type { CheckEffects } from './effects.js';
import { foreseenRun } from './foreseen-run.js';
import { readMeasured } from './measured.js';
import type { BuildRequest } from './request.js';
import { select } from './select.js';
import { readBeside, readSource } from './sources.js';

export interface CheckedNotebook {
  /** Path as people write it. */
  readonly path: string;
  /** From the first cell to the last, then those in other files. */
  readonly findings: readonly Problem[];
}

/** Checks the notebooks that were asked for. Throws UserError when the request fits none. */
export async function check(
  request: Pick<BuildRequest, 'bookFolder' | 'notebooks'>,
  effects: CheckEffects,
): Promise<CheckedNotebook[]> {
  const { items } = await select({ ...request, profile: 'quick' });
  const checkers = new Map<string, TypeChecker>();
  const types = async (steps: readonly Step[], { path }: BookItem): Promise<Problem[]> => {
    const folder = dirname(path);
    const checker = checkers.get(folder) ?? typeChecker(folder);
    checkers.set(folder, checker);
    return typeProblems(steps, folder, checker, effects);
  };
  const checked: CheckedNotebook[] = [];
  try {
    for (const item of items) {
      checked.push({ path: item.shownPath, findings: await findingsIn(item, types) });
    }
  } finally {
    for (const checker of checkers.values()) checker.close();
  }
  return checked;
}

async function findingsIn(
  item: BookItem,
  types: (steps: readonly Step[], item: BookItem) => Promise<Problem[]>,
): Promise<Problem[]> {
  const found: Problem[] = [];
  const attempt = async <T>(rule: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      found.push(asProblem(rule, error, item));
      return undefined;
    }
  };
  const { ledger: ledgerText, bibliography } = await readBeside(item);
  const notebook = await attempt('notebook-reads', async () =>
    parseNotebook(await readSource(item), item.shownPath),
  );
  const ledger = await attempt('ledger-reads', () =>
    ledgerText === '' ? null : parseLedger(ledgerText, item.ledgerPath),
  );
  await attempt('measured-reads', () => readMeasured(item.measuredPath, item.slug));
  if (notebook === undefined) return found;
  const steps = stepsOf(withoutInjected(notebook));
  found.push(...sourceProblems(notebook), ...(await types(steps, item)));
  // Without its ledger every claim would be unknown: one mistake is told once.
  if (ledger !== undefined) {
    await attempt('bibliography-reads', () => {
      found.push(...reportProblems(notebook, steps, ledger, bibliography, item));
    });
  }
  const place = placeIn(notebook);
  return found.filter(isFirst).sort((a, b) => place(a) - place(b));
}

/** Most lines that a cell may have. */
const CELL_LINES = 1e6;

/** Orders by cell and line; what stands in other files comes last. */
const placeIn =
  ({ path, cells }: Notebook) =>
  ({ where: { file, cell = 0, line = 0 } }: Problem): number =>
    (file === path ? cell : cells.length + 1) * CELL_LINES + line;

/** What the build would say about the text, as far as it can be known before the run. */
function reportProblems(
  notebook: Notebook,
  steps: readonly Step[],
  ledger: Ledger | null,
  bibliography: string,
  { slug, kicker }: BookItem,
): Problem[] {
  const run = foreseenRun(notebook, steps, ledger);
  const { problems } = compose(run, {
    slug,
    kicker,
    language: 'en',
    date: '',
    profile: '',
    verdicts: true,
    ledger,
    full: null,
    bibliography,
    colophon: [],
  });
  return [...problems, ...unplacedClaims(ledger, run)];
}

function asProblem(rule: string, { message, where, hint }: UserError, item: BookItem): Problem {
  return {
    rule,
    severity: 'error',
    where: where ?? { file: item.shownPath },
    message,
    hint: hint ?? 'Mend the file in a text editor.',
  };
}

/** Two stages may see the same mistake: one rule tells of a cell's line once. */
function isFirst(problem: Problem, index: number, all: readonly Problem[]): boolean {
  const key = ({ rule, where, message }: Problem): string => JSON.stringify([rule, where, message]);
  return all.findIndex((other) => key(other) === key(problem)) === index;
}
