import type { Place, Problem } from '../../errors.js';
import type { PublishedClaim } from '../../mime.js';
import { unknownKey } from './citations.js';
import { claimElement } from './claim-element.js';
import { type Fillings, fill } from './fill.js';
import { judgeFullRun } from './full-run.js';
import { judge, missingNames } from './judge.js';
import { parseInline } from './markdown.js';
import { didYouMean } from './near-matches.js';
import { plainText } from './plain-text.js';
import type { CodePart } from './read-cells.js';
import type { Report, SourceToken } from './source-token.js';
import type { ClaimView, FullVerdict, Ledger, LedgerClaim } from './types.js';

export { parseLedger } from './ledger.js';

/** A claim of the ledger, its texts read as Markdown. */
export interface ClaimSource {
  readonly claim: LedgerClaim;
  readonly text: readonly SourceToken[];
  readonly slip: readonly SourceToken[] | null;
  /** What was measured, in the words of the ledger. */
  readonly measured: readonly SourceToken[] | null;
  readonly where: Place;
}

export function readClaims(ledger: Ledger | null, report: Report): ClaimSource[] {
  return (ledger?.claims ?? []).map((claim) => {
    const where: Place = { file: ledger?.path ?? '', line: claim.line };
    const read = (text: string | undefined) =>
      text === undefined ? null : parseInline(text, { where }, report);
    const text = parseInline(claim.claim, { where }, report);
    return { claim, text, slip: read(claim.slip), measured: read(claim.measured), where };
  });
}

/** What the cells published about claims, by id; a claim belongs to the ledger and to one cell. */
export function collectClaims(
  parts: readonly CodePart[],
  sources: readonly ClaimSource[],
  report: Report,
): ReadonlyMap<string, PublishedClaim & { readonly shown: boolean }> {
  const known = new Set(sources.map(({ claim }) => claim.id));
  const found = new Map<string, PublishedClaim & { readonly shown: boolean }>();
  for (const { readings, where, options } of parts) {
    for (const reading of readings) {
      if (reading.state !== 'read' || reading.published.kind !== 'claim') continue;
      const { published } = reading;
      if (!known.has(published.id)) report(unknownClaim(published.id, known, where));
      else if (found.has(published.id)) report(twice(published.id, where));
      else found.set(published.id, { ...published, shown: options.include && options.output });
    }
  }
  return found;
}

/** Every claim of the ledger as the page shows it, its verdict computed from its rules. */
export function judgeClaims(
  sources: readonly ClaimSource[],
  published: ReturnType<typeof collectClaims>,
  verdicts: boolean,
  fillings: Fillings,
): ClaimView[] {
  return sources.map((source) =>
    viewOf(source, published.get(source.claim.id), verdicts, fillings),
  );
}

function viewOf(
  { claim, text, slip, measured, where }: ClaimSource,
  published: (PublishedClaim & { readonly shown: boolean }) | undefined,
  verdicts: boolean,
  fillings: Fillings,
): ClaimView {
  const { id, tier, paper, section, says, setting } = claim;
  const { reduced } = published ?? {};
  const full = judgeFullRun(claim.rules, measured, where, fillings);
  const result = judged(claim, where, verdicts, fillings, full);
  const here = result.here !== undefined && measured !== null;
  return {
    id,
    claim: fill(text, where, fillings),
    tier,
    paper: { key: paper, short: shortPaper(paper, where, fillings) },
    section,
    ...(says !== undefined && { paperSays: says }),
    ...(setting !== undefined && { setting }),
    ...result,
    ...(here && { here: plainText(fill(measured, where, fillings)) }),
    ...observations(claim, published, fillings),
    ...(reduced !== undefined && { reduced }),
    ...(full !== null && { full }),
    ...(slip !== null && { slip: fill(slip, where, fillings) }),
    ...(published?.shown && { box: claimElement(id) }),
  };
}

type Judged = Pick<ClaimView, 'verdict' | 'checks' | 'here' | 'open'>;

/** By the values of this run; where they do not do, by the verdict of the full run. */
function judged(
  claim: LedgerClaim,
  where: Place,
  verdicts: boolean,
  fillings: Fillings,
  full: FullVerdict | null,
): Judged {
  const untested = { verdict: 'not tested here', checks: [] } as const;
  if (claim.rules === undefined) return { ...untested, open: claim.open ?? '' };
  const judgement = judge(claim.rules, fillings.values);
  if (verdicts && judgement.verdict !== 'not tested here') return judgement;
  if (full !== null) return { verdict: full.verdict, checks: [] };
  for (const name of missingNames(claim.rules, fillings.values)) {
    fillings.report({
      rule: 'claim-measured',
      severity: 'warning',
      where,
      message: `claim ${claim.id}: expected a published value, got “${name}”, which no cell published`,
      hint: didYouMean(name, fillings.values.keys(), 'Publish it, or say under open why not.'),
    });
  }
  const small = 'This run is too small to judge a claim.';
  return { ...untested, open: verdicts && 'open' in judgement ? judgement.open : small };
}

/** n and seeds as the cell published them, else those behind the first value of the rules. */
function observations(
  claim: LedgerClaim,
  published: PublishedClaim | undefined,
  { values }: Fillings,
): Pick<ClaimView, 'n' | 'seeds'> {
  const first = values.get(claim.rules?.[0]?.value ?? '')?.published;
  const n = published?.n ?? first?.n;
  const seeds = published?.seeds ?? first?.seeds;
  return { ...(n !== undefined && { n }), ...(seeds !== undefined && { seeds }) };
}

function shortPaper(key: string, where: Place, { bibliography, report }: Fillings): string {
  const work = bibliography.works.get(key);
  if (work === undefined) report(unknownKey(key, bibliography, where));
  return work?.reference.short ?? key;
}

function unknownClaim(id: string, known: ReadonlySet<string>, where: Place): Problem {
  return {
    rule: 'claim-in-ledger',
    severity: 'error',
    where,
    message: `expected a claim of the ledger, got “${id}”`,
    hint: didYouMean(id, known, 'Add it to the ledger, with a rule or the reason why it is open.'),
  };
}

function twice(id: string, where: Place): Problem {
  return {
    rule: 'claim-published-once',
    severity: 'error',
    where,
    message: `expected the claim “${id}” in one cell, got it a second time`,
    hint: 'Take one of the two away.',
  };
}
