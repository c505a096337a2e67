import { formatNumber } from '../document/format-number.js';
import type { ValueMark } from '../document/types.js';

/** One line about a measured value, for its hover text: name, value, interval, counts, the value of
 *  the full run, cell. */
export function valueNote(mark: ValueMark): string {
  const parts = [`${mark.name} = ${short(mark.value)}`];
  if (mark.interval !== undefined) {
    parts.push(`95 % interval ${short(mark.interval[0])} to ${short(mark.interval[1])}`);
  }
  if (mark.n !== undefined) parts.push(`n = ${count(mark.n)}`);
  if (mark.seeds !== undefined) parts.push(seedCount(mark.seeds));
  if (mark.full !== undefined) parts.push(`full run: ${mark.full}`);
  if (mark.cell !== '') parts.push(`measured in ${mark.cell.replace(/^cell-/, 'cell ')}`);
  return parts.join('; ');
}

/** `1 seed`, `5 seeds`. */
export function seedCount(seeds: number): string {
  return `${count(seeds)} ${seeds === 1 ? 'seed' : 'seeds'}`;
}

/** A whole number with narrow spaces between thousands. */
export function count(value: number): string {
  return formatNumber(value, { name: 'integer', digits: 0 });
}

function short(value: number): string {
  return formatNumber(value, { name: 'significant', digits: 4 });
}
