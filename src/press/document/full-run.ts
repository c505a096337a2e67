/** The run in profile `full`: what it measured stands beside what a smaller run measures. */

import type { Place } from '../../errors.js';
import { type Fillings, fill } from './fill.js';
import { judge } from './judge.js';
import { plainText } from './plain-text.js';
import type { SourceToken } from './source-token.js';
import type { FullValues, FullVerdict, LedgerRule } from './types.js';
import type { Values } from './values.js';

/** Its numbers, as if cells had published them; the page shows nothing of these cells. */
export function valuesOfFullRun(given: FullValues | null): Values {
  return new Map(
    Object.entries(given ?? {}).map(([name, value]) => [
      name,
      { published: { kind: 'value', name, ...value }, element: '' },
    ]),
  );
}

/** A claim judged by the numbers of the full run and no others; null where they do not do.
 *  `measured`: what was measured, in the words of the ledger. */
export function judgeFullRun(
  rules: readonly LedgerRule[] | undefined,
  measured: readonly SourceToken[] | null,
  where: Place,
  fillings: Fillings,
): FullVerdict | null {
  const judgement = rules === undefined ? null : judge(rules, fillings.full);
  if (judgement === null || judgement.verdict === 'not tested here') return null;
  const { n, seeds } = fillings.full.get(rules?.[0]?.value ?? '')?.published ?? {};
  return {
    ...judgement,
    here: inWords(measured, where, fillings) ?? judgement.here,
    ...(n !== undefined && { n }),
    ...(seeds !== undefined && { seeds }),
  };
}

/** Null when the words quote a number that the full run did not measure. */
function inWords(
  measured: readonly SourceToken[] | null,
  where: Place,
  fillings: Fillings,
): string | null {
  let complete = measured !== null;
  const report = (): void => {
    complete = false;
  };
  const tokens = fill(measured ?? [], where, { ...fillings, values: fillings.full, report });
  return complete ? plainText(tokens) : null;
}
