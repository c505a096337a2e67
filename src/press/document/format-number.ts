/** Numbers as people read them: a narrow no-break space (U+202F) between thousands and before the
 *  percent sign, a true minus sign, powers of ten as raised digits. */

const NARROW_SPACE = '\u202f';

export interface NumberFilter {
  readonly name: 'percent' | 'fixed' | 'significant' | 'integer' | 'scientific' | 'plain';
  readonly digits: number;
}

/** Digits where the filter names none. */
const DEFAULT_DIGITS = { percent: 1, fixed: 2, significant: 3, integer: 0, scientific: 1 } as const;
export const FILTER_FORMS =
  'percent N, fixed N, significant N, integer or scientific N, with N from 0 to 12';

/** Reads `percent 1`; an empty text is the plain form. Null when it is no filter. */
export function parseFilter(text: string): NumberFilter | null {
  if (text === '') return { name: 'plain', digits: 0 };
  const match = /^(percent|fixed|significant|integer|scientific)(?:\s+(\d{1,2}))?$/.exec(text);
  const name = match?.[1] as keyof typeof DEFAULT_DIGITS | undefined;
  if (match === null || name === undefined) return null;
  const digits = match[2] === undefined ? DEFAULT_DIGITS[name] : Number(match[2]);
  if (digits > 12 || (name === 'significant' && digits === 0)) return null;
  return { name, digits };
}

/** `formatNumber(0.996, {name: 'percent', digits: 1})` is `99.6 %`, with a narrow space. */
export function formatNumber(value: number, { name, digits }: NumberFilter): string {
  switch (name) {
    case 'percent':
      return `${decimal(value * 100, digits)}${NARROW_SPACE}%`;
    case 'fixed':
      return decimal(value, digits);
    case 'integer':
      return decimal(value, 0);
    case 'significant':
      return significant(value, digits);
    case 'scientific':
      return scientific(value, digits);
    case 'plain':
      return Number.isInteger(value) && Math.abs(value) < 1e15
        ? decimal(value, 0)
        : significant(value, 3);
  }
}

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  // Rounded first, since 9.996 to three digits is 10.0.
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= 7) return scientific(value, digits - 1);
  const rounded = Number(value.toPrecision(digits));
  return decimal(rounded, Math.max(0, digits - 1 - exponent));
}

function scientific(value: number, digits: number): string {
  if (value === 0) return '0';
  const [mantissa = '', exponent = '0'] = value.toExponential(digits).split('e');
  return `${minus(mantissa)} × 10${raised(Number(exponent))}`;
}

function decimal(value: number, digits: number): string {
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const isZero = Number(value.toFixed(digits)) === 0;
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, NARROW_SPACE);
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return isZero ? text.replace('-', '') : minus(text);
}

function minus(text: string): string {
  return text.replace('-', '−');
}

function raised(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]);
  return `${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}
