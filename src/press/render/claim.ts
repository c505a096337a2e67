import { claimElement } from '../document/claim-element.js';
import type { ClaimCheck, ClaimView, Verdict } from '../document/types.js';
import { escapeHtml, escapeProse } from './escape.js';
import { renderTokens, type TokenContext } from './tokens.js';
import { count, seedCount } from './value-note.js';

export const VERDICTS: readonly Verdict[] = [
  'holds',
  'holds in part',
  'differs',
  'not tested here',
];

/** Drawn, not typed: the report's fonts have none of these signs. */
const SIGNS: { readonly [verdict in Verdict]: string } = {
  holds: '<path d="M3 8.6l3.2 3.4L13 4.4"/>',
  'holds in part':
    '<circle cx="8" cy="8" r="5.4"/><path d="M8 2.6a5.4 5.4 0 0 0 0 10.8z" fill="currentColor" stroke="none"/>',
  differs: '<path d="M4 4l8 8M12 4l-8 8"/>',
  'not tested here': '<path d="M4 8h8"/>',
};

/** Class of a verdict: `holds`, `part`, `differs`, `open`. */
export function verdictClass(verdict: Verdict): string {
  return { holds: 'holds', 'holds in part': 'part', differs: 'differs', 'not tested here': 'open' }[
    verdict
  ];
}

/** A verdict as word, sign and colour. */
export function renderVerdict(verdict: Verdict): string {
  return (
    `<span class="verdict ${verdictClass(verdict)}">${escapeHtml(verdict)}&nbsp;` +
    `<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">${SIGNS[verdict]}</svg></span>`
  );
}

/** How many claims have each verdict, in fixed order; verdicts that no claim has are left out. */
export function countVerdicts(
  claims: readonly Pick<ClaimView, 'verdict'>[],
): readonly { readonly verdict: Verdict; readonly count: number }[] {
  return VERDICTS.map((verdict) => ({
    verdict,
    count: claims.filter((claim) => claim.verdict === verdict).length,
  })).filter((entry) => entry.count > 0);
}

/** A verdict in a list of counts: `14 hold`, `1 differs`, `11 not tested`. */
export function verdictWords(verdict: Verdict, count: number): string {
  if (verdict === 'not tested here') return 'not tested';
  return count === 1 ? verdict : verdict.replace(/^(hold|differ)s/, '$1');
}

/** The box of one claim, in the same shape everywhere. */
export function renderClaim(claim: ClaimView, context: TokenContext): string {
  const id = claim.box === undefined ? '' : ` id="${escapeHtml(claim.box)}"`;
  return (
    `<aside class="claim ${verdictClass(claim.verdict)}"${id} aria-label="Claim">\n` +
    `<p class="claim-head"><span>${source(claim, context)}</span>${headVerdict(claim)}</p>\n` +
    `<p class="claim-text">${renderTokens(claim.claim, context)}</p>\n` +
    `${comparison(claim)}${remarks(claim, context)}</aside>\n`
  );
}

/** The verdict of this run, and that of the full run where it is another one. */
function headVerdict({ verdict, full }: ClaimView): string {
  const shown = renderVerdict(verdict);
  if (full === undefined || full.verdict === verdict) return shown;
  return `<span>here: ${shown} · full run: ${renderVerdict(full.verdict)}</span>`;
}

/** All claims of the notebook, those that were tested first. */
export function renderClaimsTable(claims: readonly ClaimView[], context: TokenContext): string {
  const tested = claims.filter((claim) => claim.verdict !== 'not tested here');
  const open = claims.filter((claim) => claim.verdict === 'not tested here');
  const rows = [...tested, ...open].map((claim) => claimRow(claim, context));
  return (
    '<table class="claims"><thead><tr><th scope="col">Claim</th><th scope="col">Paper</th>' +
    `<th scope="col">Here</th><th scope="col">Verdict</th></tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>\n`
  );
}

function claimRow(claim: ClaimView, context: TokenContext): string {
  const text = renderTokens(claim.claim, context);
  const open = isFullOnly(claim) ? FULL_ONLY : claim.open;
  const why = open === undefined ? '' : `<span class="why">${escapeProse(open)}</span>`;
  const where = [
    source(claim, context),
    ...(claim.box === undefined ? [] : [boxLink(claim.box, context)]),
  ];
  const id = claim.box === undefined ? ` id="${escapeHtml(claimElement(claim.id))}"` : '';
  return (
    `<tr${id}><td>${text} <span class="source">${where.join(' · ')}</span>${why}</td>` +
    `<td data-head="Paper">${escapeProse(claim.paperSays ?? '–')}</td>` +
    `<td data-head="Here">${measured(claim)}</td>` +
    `<td data-head="Verdict">${renderVerdict(claim.verdict)}</td></tr>`
  );
}

/** What this run measured, and under it what the full run measured. */
function measured({ here, full }: ClaimView): string {
  const own = here === undefined ? [] : [escapeProse(here)];
  if (full === undefined) return own[0] ?? '–';
  const verdict = `<span class="full-run">full run: ${escapeProse(full.here)} – ${renderVerdict(full.verdict)}</span>`;
  return [...own, verdict].join(' ');
}

function boxLink(box: string, { target }: TokenContext): string {
  const id = escapeHtml(box);
  const page = target === 'print' ? `<span data-pageref="${id}"></span>` : '';
  return `<a href="#${id}">in the text</a>${page}`;
}

function source({ paper, section }: ClaimView, context: TokenContext): string {
  const id = context.references.get(paper.key);
  const short = escapeProse(paper.short);
  const name = id === undefined ? short : `<a href="#${escapeHtml(id)}">${short}</a>`;
  return section === '' ? name : `${name}, ${escapeProse(section)}`;
}

function comparison(claim: ClaimView): string {
  const { paperSays, setting, here, full } = claim;
  const rows = [
    entry('paper', paperSays, setting),
    entry('here', here, basis(claim)),
    full === undefined ? '' : entry('full run', full.here, basis(full), full.verdict),
  ].join('');
  return rows === '' ? '' : `<dl class="claim-values">${rows}</dl>\n`;
}

/** `n = 10 000, 3 seeds` */
function basis({ n, seeds }: Pick<ClaimView, 'n' | 'seeds'>): string {
  return [
    ...(n === undefined ? [] : [`n = ${count(n)}`]),
    ...(seeds === undefined ? [] : [seedCount(seeds)]),
  ].join(', ');
}

function entry(
  name: string,
  value: string | undefined,
  detail: string | undefined,
  verdict?: Verdict,
): string {
  if (value === undefined) return '';
  const small = detail ? ` <span class="basis">${escapeProse(detail)}</span>` : '';
  const judged = verdict === undefined ? '' : ` – ${renderVerdict(verdict)}`;
  return `<div><dt>${name}</dt><dd>${escapeProse(value)}${small}${judged}</dd></div>`;
}

const FULL_ONLY = 'Measured in the full run only.';

const isFullOnly = ({ here, full }: ClaimView): boolean => here === undefined && full !== undefined;

function remarks(claim: ClaimView, context: TokenContext): string {
  const { full } = claim;
  // Where both runs come to one verdict, the rule is told once, with the numbers of this page.
  const other = full !== undefined && (isFullOnly(claim) || full.verdict !== claim.verdict);
  const lines = [
    ...(isFullOnly(claim) ? [FULL_ONLY] : []),
    ...(claim.checks.length > 0 ? [`Rule: ${claim.checks.map(check).join('; ')}`] : []),
    ...(other ? [`Rule, full run: ${full.checks.map(check).join('; ')}`] : []),
    ...(claim.reduced === undefined ? [] : [`Reduced setting: ${escapeProse(claim.reduced)}`]),
    ...(claim.open === undefined ? [] : [escapeProse(claim.open)]),
    ...(claim.slip === undefined ? [] : [renderTokens(claim.slip, context)]),
  ];
  return lines.map((line) => `<p class="claim-note">${line}</p>\n`).join('');
}

/** `softmax.fgsm.error: 99.6 % ≥ 99 % (met)`, with the names that the cells published as code. */
function check({ name, thanName, text, holds }: ClaimCheck): string {
  const than = thanName === undefined ? '' : `, the value of ${code(thanName)}`;
  return `${code(name)}: ${escapeProse(text)}${than} ${holds ? '(met)' : '(not met)'}`;
}

const code = (name: string): string => `<code>${escapeHtml(name)}</code>`;
