import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';
import { DIVERGING, frame } from './theme.js';

const CELL = 12; // px

/** Weights as an image, row by row, on a scale centred on zero. weights: side × side numbers.
 *  limit: the value at both ends of the scale, default the largest size among the weights. */
export function weightImage(
  weights: ArrayLike<number>,
  { side = 28, limit, title = 'weight' }: { side?: number; limit?: number; title?: string } = {},
): VegaLiteSpec {
  const values = Array.from(weights);
  if (values.length !== side * side) {
    throw new UserError(`expected ${side * side} weights, got ${values.length}`, {
      hint: 'Give { side }, the number of pixels in a row.',
    });
  }
  const end = limit ?? (values.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1);
  const rows = values.map((weight, i) => ({ x: i % side, y: Math.floor(i / side), weight }));
  const ordinal = (field: string) => ({ field, type: 'ordinal', axis: null });
  const scale = {
    domain: [-end, 0, end],
    range: DIVERGING,
    type: 'linear',
    clamp: true,
    interpolate: 'rgb',
  };
  const size = CELL * side;
  const cells = {
    data: { values: rows },
    mark: { type: 'rect', strokeWidth: 0 },
    encoding: {
      x: ordinal('x'),
      y: ordinal('y'),
      color: {
        field: 'weight',
        type: 'quantitative',
        scale,
        legend: { title, values: [-end, 0, end], gradientLength: size / 2, format: '.2~g' },
      },
    },
  };
  return frame([cells], { width: size + 90, height: size + 10 });
}
