import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, frame, ROLES, type Role, xChannel, yChannel } from './theme.js';

export interface ScatterSeries {
  readonly name: string;
  readonly role: Role;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ScatterPlot {
  readonly series: readonly ScatterSeries[];
  readonly x: Axis;
  readonly y: Axis;
  /** Draw the line y = x. */
  readonly diagonal?: boolean;
}

const MOST_MARKS = 1000;

/** Points, each series with its own colour and shape. Throws UserError above 1,000 points, which
 *  make a page slow and a cloud unreadable. */
export function scatterPlot({ series, x, y, diagonal = false }: ScatterPlot): VegaLiteSpec {
  const rows = series.flatMap(({ name, points }) => points.map((p) => ({ ...p, series: name })));
  if (rows.length > MOST_MARKS) {
    throw new UserError(`expected at most ${MOST_MARKS} points, got ${rows.length}`, {
      hint: 'Draw a part of them, or a histogram.',
    });
  }
  const xs = rows.map((row) => row.x);
  const ys = rows.map((row) => row.y);
  const encoding = { x: xChannel('x', x, xs), y: yChannel('y', y, ys) };
  const domain = series.map((one) => one.name);
  const styles = series.map((one) => ROLES[one.role]);
  const legend = series.length > 1 ? { title: null, orient: 'top' } : null;
  const points = {
    data: { values: rows },
    mark: { type: 'point', filled: false, size: 30, opacity: 0.8 },
    encoding: {
      ...encoding,
      color: nominal(
        'series',
        domain,
        styles.map((style) => style.colour),
        legend,
      ),
      shape: nominal(
        'series',
        domain,
        styles.map((style) => style.shape),
        legend,
      ),
    },
  };
  return frame(
    diagonal ? [diagonalLayer(x.domain ?? xs, y.domain ?? ys, encoding), points] : [points],
  );
}

function nominal(
  field: string,
  domain: readonly string[],
  range: readonly string[],
  legend: VegaLiteSpec | null,
): VegaLiteSpec {
  return { field, type: 'nominal', scale: { domain, range }, legend };
}

/** The part of y = x that both axes show. */
function diagonalLayer(
  xs: readonly number[],
  ys: readonly number[],
  encoding: VegaLiteSpec,
): VegaLiteSpec {
  const low = Math.max(Math.min(...xs), Math.min(...ys));
  const high = Math.min(Math.max(...xs), Math.max(...ys));
  const ends = [low, high].map((end) => ({ x: end, y: end }));
  const mark = { type: 'line', strokeDash: ROLES.paper.dash, color: ROLES.paper.colour };
  return { data: { values: ends }, mark, encoding };
}
