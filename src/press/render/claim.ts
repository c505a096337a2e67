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
function renderVerdict(verdict: Verdict): string {
  return (
    `<span class="verdict ${verdictClass(verdict)}">${escapeHtml(verdict)}&nbsp;` +
    `<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">${SIGNS[verdict]}</svg></span>`
  );
}

/** How many claims have each verdict, in fixed order; verdicts that no claim has are left out. */
export function countVerdicts(
  claims: readonly ClaimView[],
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
    `<p class="claim-head"><span>${source(claim, context)}</span>${renderVerdict(claim.verdict)}</p>\n` +
    `<p class="claim-text">${renderTokens(claim.claim, context)}</p>\n` +
    `${comparison(claim)}${remarks(claim, context)}</aside>\n`
  );
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
  const why = claim.open === undefined ? '' : `<span class="why">${escapeProse(claim.open)}</span>`;
  const where = [
    source(claim, context),
    ...(claim.box === undefined ? [] : [boxLink(claim.box, context)]),
  ];
  return (
    `<tr><td>${text} <span class="source">${where.join(' · ')}</span>${why}</td>` +
    `<td data-head="Paper">${escapeProse(claim.paperSays ?? '–')}</td>` +
    `<td data-head="Here">${escapeProse(claim.here ?? '–')}</td>` +
    `<td data-head="Verdict">${renderVerdict(claim.verdict)}</td></tr>`
  );
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

function comparison({ paperSays, setting, here, n, seeds }: ClaimView): string {
  const basis = [
    ...(n === undefined ? [] : [`n = ${count(n)}`]),
    ...(seeds === undefined ? [] : [seedCount(seeds)]),
  ].join(', ');
  const rows = [entry('paper', paperSays, setting), entry('here', here, basis)].join('');
  return rows === '' ? '' : `<dl class="claim-values">${rows}</dl>\n`;
}

function entry(name: string, value: string | undefined, detail: string | undefined): string {
  if (value === undefined) return '';
  const small = detail ? ` <span class="basis">${escapeProse(detail)}</span>` : '';
  return `<div><dt>${name}</dt><dd>${escapeProse(value)}${small}</dd></div>`;
}

function remarks(claim: ClaimView, context: TokenContext): string {
  const lines = [
    ...(claim.checks.length > 0 ? [`Rule: ${claim.checks.map(check).join('; ')}`] : []),
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
