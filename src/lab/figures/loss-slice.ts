import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, frame, INK_ON_TINT, ROLES, type Role, xChannel, yChannel } from './theme.js';

export interface LossSlice {
  /** The loss in the middle of each cell; the cells of a row have the same y. */
  readonly cells: readonly { readonly x: number; readonly y: number; readonly loss: number }[];
  /** Width and height of a cell. */
  readonly cell: readonly [width: number, height: number];
  readonly x: Axis & { readonly domain: readonly [number, number] };
  readonly y: Axis & { readonly domain: readonly [number, number] };
  /** Ways over the plane, from their first point to their last, which is marked. */
  readonly paths: readonly {
    readonly name: string;
    readonly role: Role;
    readonly points: readonly { readonly x: number; readonly y: number }[];
  }[];
}

const SIDE = 460; // px

/** A loss over a plane as colour, in nats, with the ways of attacks drawn on it. */
export function lossSlice({ cells, cell, x, y, paths }: LossSlice): VegaLiteSpec {
  const [width, height] = cell;
  const rows = cells.map(({ x: a, y: b, loss }) => ({
    x: a - width / 2,
    x2: a + width / 2,
    y: b - height / 2,
    y2: b + height / 2,
    loss,
  }));
  const place = { x: xChannel('x', x, []), y: yChannel('y', y, []) };
  const colour = { field: 'loss', type: 'quantitative', scale: { scheme: 'viridis' } };
  const legend = { title: 'loss (nats)', orient: 'right', gradientLength: 200, offset: 12 };
  const plane = {
    data: { values: rows },
    mark: { type: 'rect', strokeWidth: 0.6 }, // covers the seams between cells
    encoding: {
      ...place,
      x2: { field: 'x2' },
      y2: { field: 'y2' },
      fill: { ...colour, legend },
      stroke: { ...colour, legend }, // the same legend, which is drawn once
    },
  };
  return frame([plane, ...paths.flatMap((path) => pathLayers(path, place))], {
    width: SIDE + 90,
    height: SIDE,
  });
}

/** A dark line under a light one can be seen on every colour of the scale. */
function pathLayers({ name, role, points }: LossSlice['paths'][number], place: VegaLiteSpec) {
  const { dash, shape } = ROLES[role];
  const way = points.map((point, order) => ({ ...point, order }));
  const order = { field: 'order', type: 'quantitative' };
  const line = (color: string, strokeWidth: number, strokeDash: readonly number[]) => ({
    data: { values: way },
    mark: { type: 'line', color, strokeWidth, strokeDash },
    encoding: { ...place, order },
  });
  const end = { data: { values: way.slice(-1) } };
  const mark = { type: 'point', shape, filled: true, size: 60, opacity: 1 };
  const text = { type: 'text', align: 'left', dx: 8, dy: -6, color: '#ffffff' };
  return [
    line(INK_ON_TINT, 3, []),
    line('#ffffff', 1.4, dash),
    { ...end, mark: { ...mark, color: '#ffffff', stroke: INK_ON_TINT }, encoding: place },
    { ...end, mark: text, encoding: { ...place, text: { value: name } } },
  ];
}
