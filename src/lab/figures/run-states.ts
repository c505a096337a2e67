/** How runs look while a reader works with them: all alike, pointed at, marked, or not among the marked. */

import type { VegaLiteSpec } from '../../mime.js';
import { ROLES } from './theme.js';

/** The selections: the run that is pointed at in any plot, and the range of ends that is marked. Rows
 *  have `series` and `run`. curves, ends: names of the plots. */
export function runParams(curves: string, ends: readonly string[]): VegaLiteSpec[] {
  const fields = ['series', 'run'];
  const point = { type: 'point', fields, on: 'pointerover', clear: 'pointerout' };
  const range = { type: 'interval', encodings: ['x'], mark: { fill: ROLES.noise.colour } };
  return [
    { name: 'pointed', select: point, views: [curves, ...ends] },
    { name: 'marked', select: range, views: ends },
  ];
}

const isPointed = { param: 'pointed', empty: false };

export const CURVE_STATES: VegaLiteSpec = {
  opacity: byState(1, 0.6, 0.06),
  // The width of a line.
  size: { condition: { ...isPointed, value: 3 }, value: 0.9 },
};

export const DOT_STATES: VegaLiteSpec = {
  opacity: byState(1, 0.85, 0.15),
  size: { condition: { ...isPointed, value: 160 }, value: 75 },
};

/** While nothing is marked, everything is. */
function byState(pointed: number, marked: number, others: number): VegaLiteSpec {
  const condition = [
    { ...isPointed, value: pointed },
    { param: 'marked', value: marked },
  ];
  return { condition, value: others };
}
