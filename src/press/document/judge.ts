import { formatNumber, type NumberFilter, parseFilter } from './format-number.js';
import type { ClaimCheck, LedgerRule, Verdict } from './types.js';
import { formatInterval, type Values } from './values.js';

/** What the rules of one claim give. Without a test the reason stands in `open`. */
type Judgement =
  | { readonly verdict: 'not tested here'; readonly open: string }
  | {
      readonly verdict: Exclude<Verdict, 'not tested here'>;
      readonly checks: readonly ClaimCheck[];
      /** What was measured, ready to print: `99.6 % [99.4 %, 99.8 %]; 79.1 %`. */
      readonly here: string;
    };

/** Compares published values with the rules, point values only. All hold: holds; some: holds in
 *  part; none: differs. */
export function judge(rules: readonly LedgerRule[], values: Values): Judgement {
  const missing = missingNames(rules, values);
  if (missing.length > 0) {
    return { verdict: 'not tested here', open: `No cell published ${missing.join(', ')}.` };
  }
  const checks = rules.map((rule) => checkRule(rule, values));
  const held = checks.filter(({ holds }) => holds).length;
  const verdict = held === checks.length ? 'holds' : held > 0 ? 'holds in part' : 'differs';
  const here = [...new Set(rules.map((rule) => measuredText(rule, values)))].join('; ');
  return { verdict, checks, here };
}

/** The names that rules compare and that no cell published. */
export function missingNames(rules: readonly LedgerRule[], values: Values): string[] {
  const names = rules.flatMap(({ value, than }) =>
    typeof than === 'string' ? [value, than] : [value],
  );
  return [...new Set(names)].filter((name) => !values.has(name));
}

function checkRule(rule: LedgerRule, values: Values): ClaimCheck {
  const { op, tolerance } = rule;
  const measured = numberOf(rule.value, values);
  const than = numberOf(rule.than, values);
  const holds = compare(measured, op, than, tolerance ?? 0);
  const interval = values.get(rule.value)?.published.interval;
  return {
    name: rule.value,
    measured,
    ...(interval && { interval }),
    op,
    than,
    ...(typeof rule.than === 'string' && { thanName: rule.than }),
    ...(tolerance !== undefined && { tolerance }),
    holds,
    text: checkText(rule, measured, than, holds),
  };
}

function numberOf(bound: number | string, values: Values): number {
  return typeof bound === 'number' ? bound : (values.get(bound)?.published.value ?? Number.NaN);
}

function compare(a: number, op: LedgerRule['op'], b: number, tolerance: number): boolean {
  if (op === '>=') return a >= b;
  if (op === '<=') return a <= b;
  // 0.4 is within 0.1 of 0.3, though not in binary.
  return Math.abs(a - b) <= tolerance + 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

/** A true sentence about what was found: `99.6 % ≥ 99 %`, or `98.1 % < 99 %` when it fails. */
function checkText(rule: LedgerRule, measured: number, than: number, holds: boolean): string {
  const filter = telling(filterOf(rule), measured, than);
  const [left, right] = [formatNumber(measured, filter), formatNumber(than, filter)];
  if (rule.op === 'within') {
    const tolerance = formatNumber(rule.tolerance ?? 0, filterOf(rule));
    return `${left} ${holds ? 'within' : 'not within'} ${tolerance} of ${right}`;
  }
  const sign = rule.op === '>=' ? (holds ? '≥' : '<') : holds ? '≤' : '>';
  return `${left} ${sign} ${right}`;
}

/** The filter with so many digits that two different numbers read differently; rounding errors, which
 *  twelve digits do not tell apart, keep it as it is. */
function telling(filter: NumberFilter, a: number, b: number): NumberFilter {
  if (a === b) return filter;
  let result = filter.name === 'plain' ? { ...filter, digits: 3 } : filter;
  while (formatNumber(a, result) === formatNumber(b, result)) {
    if (result.digits >= 12) return filter;
    const name = result.name === 'plain' ? 'significant' : result.name;
    result = { name: name === 'integer' ? 'fixed' : name, digits: result.digits + 1 };
  }
  return result;
}

function measuredText(rule: LedgerRule, values: Values): string {
  const published = values.get(rule.value)?.published;
  const filter = filterOf(rule);
  const number = formatNumber(numberOf(rule.value, values), filter);
  const unit = published?.unit === undefined ? '' : ` ${published.unit}`;
  const interval = published?.interval;
  return `${number}${interval ? ` ${formatInterval(interval, filter)}` : ''}${unit}`;
}

function filterOf(rule: LedgerRule): NumberFilter {
  return parseFilter(rule.as ?? '') ?? { name: 'plain', digits: 0 };
}
