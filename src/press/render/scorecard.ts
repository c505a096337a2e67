import { claimElement } from '../document/claim-element.js';
import type { Verdict } from '../document/types.js';
import { countVerdicts, renderVerdict, VERDICTS, verdictClass, verdictWords } from './claim.js';
import { escapeHtml, escapeProse } from './escape.js';

/** A claim as the cover tells it; texts are plain. */
export interface ScoredClaim {
  readonly id: string;
  readonly tier: 'core' | 'support';
  readonly verdict: Verdict;
  /** One sentence. */
  readonly claim: string;
  readonly paperSays?: string;
  readonly here?: string;
  /** Why it was not tested. */
  readonly open?: string;
}

/** A report whose claims are counted. */
export interface ScoredReport {
  /** `1`; also makes the ids of its lists. */
  readonly number: string;
  readonly title: string;
  /** Address relative to the cover. */
  readonly html: string;
  readonly claims: readonly ScoredClaim[];
}

/** Claims by verdict, of each report and of all; each count leads to the list of its claims, and each
 *  claim to its place in the report. Empty where no report has a claim. */
export function renderScorecard(reports: readonly ScoredReport[]): string {
  const scored = reports.filter(({ claims }) => claims.length > 0);
  if (scored.length === 0) return '';
  const all = scored.flatMap(({ claims }) => claims);
  return (
    '<section class="scorecard" aria-labelledby="scorecard">\n<h2 id="scorecard">Scorecard</h2>\n' +
    '<p>A verdict is computed from a rule that was fixed before the run. Each count leads to its claims.</p>\n' +
    `${renderTiers(all)}${renderCounts(scored, all)}` +
    `${VERDICTS.map((verdict) => renderList(verdict, scored)).join('')}</section>\n`
  );
}

/** Address on the cover of the claims of one report with a verdict; without a report, of all. */
export function listAddress(verdict: Verdict, number = 'all'): string {
  return `#${listId(verdict, number)}`;
}

const listId = (verdict: Verdict, number: string): string =>
  escapeHtml(`${verdictClass(verdict)}-${number}`);

const TIERS = ['core', 'support'] as const;

/** What carries a paper is counted apart from what supports it. */
function renderTiers(claims: readonly ScoredClaim[]): string {
  const items = TIERS.flatMap((tier) => {
    const mine = claims.filter((claim) => claim.tier === tier);
    return mine.length === 0 ? [] : [`<li>${measuredWords(mine, tier)}${fared(mine)}</li>`];
  });
  return `<ul class="tiers">${items.join('')}</ul>\n`;
}

/** `51 of 56 core claims measured` */
function measuredWords(claims: readonly ScoredClaim[], tier: ScoredClaim['tier']): string {
  const measured = claims.filter(isMeasured).length;
  return `<b>${measured} of ${claims.length}</b> ${tier} claims measured`;
}

const isMeasured = ({ verdict }: ScoredClaim): boolean => verdict !== 'not tested here';

function fared(claims: readonly ScoredClaim[]): string {
  const words = countVerdicts(claims.filter(isMeasured)).map(
    ({ verdict, count }) => `${count} ${verdictWords(verdict, count)}`,
  );
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
}

function renderCounts(reports: readonly ScoredReport[], all: readonly ScoredClaim[]): string {
  const heads = VERDICTS.map((verdict) => `<th scope="col">${renderVerdict(verdict)}</th>`);
  const rows = reports.map(({ number, title, claims }) => {
    const core = claims.filter(({ tier }) => tier === 'core');
    const note =
      core.length === 0 ? '' : ` <span class="note">${measuredWords(core, 'core')}</span>`;
    return countRow(`${nameOf(number, title)}${note}`, claims, number);
  });
  const foot = reports.length === 1 ? '' : `<tfoot>${countRow('All notebooks', all)}</tfoot>`;
  return (
    `<table class="counts"><caption>Claims by verdict</caption>\n<thead><tr><th scope="col">Notebook</th>` +
    `${heads.join('')}</tr></thead>\n<tbody>${rows.join('\n')}</tbody>${foot}</table>\n`
  );
}

/** A row of counts; those of the lists of report `number`, or of all. */
function countRow(name: string, claims: readonly ScoredClaim[], number?: string): string {
  const counts = VERDICTS.map((verdict) => {
    const count = claims.filter((claim) => claim.verdict === verdict).length;
    if (count === 0) return '<td>0</td>';
    return `<td><a href="${listAddress(verdict, number)}">${count}</a></td>`;
  });
  return `<tr><th scope="row">${name}</th>${counts.join('')}</tr>`;
}

/** The claims with a verdict, folded, a table a report. A link into the fold opens it. */
function renderList(verdict: Verdict, reports: readonly ScoredReport[]): string {
  const lists = reports
    .map((report) => ({
      ...report,
      claims: report.claims.filter((claim) => claim.verdict === verdict),
    }))
    .filter(({ claims }) => claims.length > 0);
  if (lists.length === 0) return '';
  const count = lists.reduce((sum, { claims }) => sum + claims.length, 0);
  const tables = lists.map((list) => renderClaims(verdict, list));
  return (
    `<details><summary>${renderVerdict(verdict)} <span class="soft">${count} ${count === 1 ? 'claim' : 'claims'}</span></summary>\n` +
    `<div id="${listId(verdict, 'all')}">${tables.join('')}</div></details>\n`
  );
}

function renderClaims(verdict: Verdict, { number, title, html, claims }: ScoredReport): string {
  const last = verdict === 'not tested here' ? 'Why' : 'Here';
  const heads = ['Claim', 'Paper', last].map((name) => `<th scope="col">${name}</th>`).join('');
  const groups = TIERS.flatMap((tier) => {
    const rows = claims.filter((claim) => claim.tier === tier);
    if (rows.length === 0) return [];
    const name = tier === 'core' ? 'Core claims' : 'Support claims';
    const head = `<tr><th scope="rowgroup" colspan="3">${name}</th></tr>`;
    return `<tbody>${[head, ...rows.map((claim) => claimRow(claim, last, html))].join('\n')}</tbody>`;
  });
  return (
    `<table class="claims" id="${listId(verdict, number)}"><caption>${nameOf(number, title)}</caption>\n` +
    `<thead><tr>${heads}</tr></thead>\n${groups.join('\n')}</table>\n`
  );
}

function claimRow(
  { id, claim, paperSays, here, open }: ScoredClaim,
  last: string,
  html: string,
): string {
  const address = escapeHtml(`${html}#${claimElement(id)}`);
  return (
    `<tr><td><a href="${address}">${escapeProse(claim)}</a></td>` +
    `<td data-head="Paper">${escapeProse(paperSays ?? '–')}</td>` +
    `<td data-head="${last}">${escapeProse(here ?? open ?? '–')}</td></tr>`
  );
}

const nameOf = (number: string, title: string): string =>
  `<span class="soft">${escapeHtml(number)}</span> ${escapeProse(title)}`;
