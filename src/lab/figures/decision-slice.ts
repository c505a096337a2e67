import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';
import {
  type Axis,
  frame,
  INK_ON_TINT,
  ROLES,
  type Role,
  tint,
  xChannel,
  yChannel,
} from './theme.js';

export interface DecisionSlice {
  /** Class of each cell: classes[row][column], rows from the lowest y to the highest. */
  readonly classes: readonly (readonly number[])[];
  /** Range that the cells cover on each axis. */
  readonly x: Axis & { readonly domain: readonly [number, number] };
  readonly y: Axis & { readonly domain: readonly [number, number] };
  /** What to call and how to colour each class that occurs. */
  readonly names: { readonly [label: number]: { readonly name: string; readonly role: Role } };
  /** Half the side of the boxes; absent: no box. */
  readonly eps?: number;
  /** The middle of each box; default the origin alone. */
  readonly centres?: readonly Point[];
  /** Points to mark. */
  readonly points?: readonly (Point & { readonly label: string; readonly role: Role })[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const SIDE = 420; // px

/** The classes that a model gives over a plane, with ε-boxes outlined. Cells of one class in a row are
 *  drawn as one rectangle. */
export function decisionSlice({
  classes,
  x,
  y,
  names,
  eps,
  centres = [{ x: 0, y: 0 }],
  points = [],
}: DecisionSlice): VegaLiteSpec {
  const rows = mergedCells(classes, x.domain, y.domain).map(({ label, ...cell }) => {
    const named = names[label];
    if (named === undefined) {
      throw new UserError(`expected a name for class ${label} of the slice, got none`, {
        hint: 'Add it to names.',
      });
    }
    return { ...cell, class: named.name };
  });
  const position = { x: xChannel('x', x, []), y: yChannel('y', y, []) };
  const layers = [cellLayer(rows, names, position)];
  if (eps !== undefined) layers.push(boxLayer(eps, centres, position));
  if (points.length > 0) layers.push(...pointLayers(points, position));
  return frame(layers, { width: SIDE, height: SIDE + 40 });
}

/** Names and colours for the classes of a slice: the true class is blue, the others follow. */
export function sliceNames(
  classes: DecisionSlice['classes'],
  label: number,
): DecisionSlice['names'] {
  const others = [...new Set(classes.flat())].filter((other) => other !== label);
  const roles: readonly Role[] = ['adversarial', 'noise', 'trained', 'paper'];
  return Object.fromEntries([
    [label, { name: `class ${label} (true)`, role: 'clean' }],
    ...others.map((other, i) => [
      other,
      { name: `class ${other}`, role: roles[i % roles.length] as Role },
    ]),
  ]);
}

interface Cell {
  readonly label: number;
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
}

type Range = readonly [number, number];

function mergedCells(classes: readonly (readonly number[])[], x: Range, y: Range): Cell[] {
  const height = (y[1] - y[0]) / classes.length;
  return classes.flatMap((row, j) => {
    const width = (x[1] - x[0]) / row.length;
    const starts = [...row.keys()].filter((i) => i === 0 || row[i] !== row[i - 1]);
    return starts.map((start, k) => ({
      label: row[start] as number,
      x: x[0] + start * width,
      x2: x[0] + (starts[k + 1] ?? row.length) * width,
      y: y[0] + j * height,
      y2: y[0] + (j + 1) * height,
    }));
  });
}

function cellLayer(
  rows: readonly object[],
  names: DecisionSlice['names'],
  position: VegaLiteSpec,
): VegaLiteSpec {
  const listed = Object.values(names);
  // In grey the right class is the dark one.
  const range = listed.map(({ role }) => tint(ROLES[role].colour, role === 'clean' ? 0.5 : 0.2));
  const domain = listed.map((one) => one.name);
  const legend = { title: null, orient: 'top', symbolType: 'square' };
  const colour = { field: 'class', type: 'nominal', scale: { domain, range }, legend };
  return {
    data: { values: rows },
    mark: { type: 'rect', strokeWidth: 0.6 },
    encoding: {
      ...position,
      x2: { field: 'x2' },
      y2: { field: 'y2' },
      fill: colour,
      stroke: colour,
    },
  };
}

function boxLayer(eps: number, centres: readonly Point[], position: VegaLiteSpec): VegaLiteSpec {
  const box = ({ x, y }: Point) => ({ x: x - eps, x2: x + eps, y: y - eps, y2: y + eps });
  return {
    data: { values: centres.map(box) },
    mark: { type: 'rect', fill: null, stroke: INK_ON_TINT, strokeWidth: 1.4 },
    encoding: { ...position, x2: { field: 'x2' }, y2: { field: 'y2' } },
  };
}

function pointLayers(
  points: NonNullable<DecisionSlice['points']>,
  position: VegaLiteSpec,
): VegaLiteSpec[] {
  return points.flatMap(({ role, ...point }) => {
    const { colour, shape } = ROLES[role];
    const data = { values: [point] };
    const color = role === 'paper' ? INK_ON_TINT : colour;
    const mark = { type: 'point', shape, filled: true, size: 60, color, opacity: 1 };
    const text = { type: 'text', align: 'left', dx: 8, dy: -6, color: INK_ON_TINT };
    const label = { field: 'label', type: 'nominal' };
    return [
      { data, mark, encoding: position },
      { data, mark: text, encoding: { ...position, text: label } },
    ];
  });
}
