import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, domainOf, frame, ROLES, type Role, xChannel, yChannel } from './theme.js';

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Lower and upper end of the interval, drawn as a band. */
  readonly low?: number;
  readonly high?: number;
}

export interface LineSeries {
  /** Printed beside the line. */
  readonly name: string;
  readonly role: Role;
  readonly points: readonly LinePoint[];
  /** Mark the points, default true. */
  readonly marks?: boolean;
  /** Hollow points, for a second series of one role; default true for `paper`, else false. */
  readonly hollow?: boolean;
}

export interface LineChart {
  readonly series: readonly LineSeries[];
  readonly x: Axis;
  readonly y: Axis;
  /** Values to compare with: dashed black lines across, with a label. */
  readonly references?: readonly { readonly y: number; readonly label: string }[];
}

const DIRECT_LABELS = 5;

/** Lines over a number, with points, bands for intervals, and each series' name at its end (a
 *  legend from six series on). Logarithmic axes label powers of ten. */
export function lineChart({ series, x, y, references = [] }: LineChart): VegaLiteSpec {
  const rows = series.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })));
  const xs = rows.map((row) => row.x);
  const ys = [
    ...rows.flatMap((row) => [row.y, row.low ?? row.y, row.high ?? row.y]),
    ...references.map((reference) => reference.y),
  ];
  const direct = series.length <= DIRECT_LABELS;
  const axes: Axes = { x: xChannel('x', x, xs), y: yChannel('y', y, ys), direct };
  const labels = direct && series.length > 1 ? endLabels(series, y, ys, axes) : [];
  const layers = [
    ...references.flatMap((reference) => referenceLayers(reference, axes)),
    ...series.flatMap((one) => seriesLayers(one, axes, series)),
    ...labels,
  ];
  return frame(layers);
}

interface Axes {
  readonly x: VegaLiteSpec;
  readonly y: VegaLiteSpec;
  readonly direct: boolean;
}

function seriesLayers(
  { name, role, points, marks = true, hollow = role === 'paper' }: LineSeries,
  { x, y, direct }: Axes,
  all: readonly LineSeries[],
): VegaLiteSpec[] {
  const { colour, dash, shape } = ROLES[role];
  const data = { values: points.map((point) => ({ ...point, series: name })) };
  const stroke = direct ? { value: colour } : legendColour(all);
  const layers: VegaLiteSpec[] = [];
  if (points.some((point) => point.low !== undefined)) {
    const band = { type: 'area', color: colour, opacity: 0.18 };
    layers.push({
      data,
      mark: band,
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    });
  }
  layers.push({
    data,
    mark: { type: 'line', strokeDash: dash },
    encoding: { x, y, color: stroke },
  });
  if (marks) {
    const mark = {
      type: 'point',
      shape,
      filled: !hollow,
      size: 45,
      color: colour,
      opacity: 1,
      strokeWidth: 1.4,
    };
    const tooltip = [
      { field: 'series', type: 'nominal' },
      { field: 'x', type: 'quantitative', title: 'x' },
      { field: 'y', type: 'quantitative', title: 'y' },
    ];
    layers.push({ data, mark, encoding: { x, y, tooltip } });
  }
  return layers;
}

function legendColour(all: readonly LineSeries[]): VegaLiteSpec {
  const scale = { domain: all.map((s) => s.name), range: all.map((s) => ROLES[s.role].colour) };
  return { field: 'series', type: 'nominal', scale, legend: { title: null, orient: 'top' } };
}

function referenceLayers(
  { y: height, label }: { readonly y: number; readonly label: string },
  { y }: Axes,
): VegaLiteSpec[] {
  const data = { values: [{ y: height, label }] };
  const rule = { type: 'rule', strokeDash: ROLES.paper.dash, color: ROLES.paper.colour };
  const text = { type: 'text', align: 'left', baseline: 'bottom', dy: -3, dx: 4 };
  const at = { x: { value: 0 }, y, text: { field: 'label', type: 'nominal' } };
  return [
    { data, mark: rule, encoding: { y } },
    { data, mark: text, encoding: at },
  ];
}

const LINE_HEIGHT = 14; // px between two labels at least
const PLOT_HEIGHT = 330; // px, about what the axes leave

/** Names at the last points, moved apart where they would touch. */
function endLabels(
  series: readonly LineSeries[],
  y: Axis,
  ys: readonly number[],
  axes: Axes,
): VegaLiteSpec[] {
  const [low, high] = domainOf(y, ys).map((value) => (y.log ? Math.log(value) : value)) as [
    number,
    number,
  ];
  const pixel = (value: number): number =>
    (PLOT_HEIGHT * (high - (y.log ? Math.log(value) : value))) / (high - low || 1);
  const ends = series.map(({ name, role, points }) => {
    const last = points.reduce((a, b) => (b.x >= a.x ? b : a));
    return { name, role, last, wish: pixel(last.y) };
  });
  const right = Math.max(...ends.map((end) => end.last.x));
  ends.sort((a, b) => a.wish - b.wish);
  const lowest = new Map<number, number>(); // per x: only neighbours can touch
  return ends.map(({ name, role, last, wish }) => {
    const above = lowest.get(last.x) ?? Number.NEGATIVE_INFINITY;
    const place = Math.max(wish, above + LINE_HEIGHT);
    lowest.set(last.x, place);
    // Right of a line that ends inside the plot, another line may run on: its name goes below, or above
    // where the axis is near.
    const isInside = last.x < right;
    const spot = isInside ? { align: 'center', dx: 0 } : { align: 'left', dx: 8 };
    const side = place < PLOT_HEIGHT - 2 * LINE_HEIGHT ? 1 : -1;
    const drop = isInside ? side * (LINE_HEIGHT + 2) : 0;
    const mark = { type: 'text', baseline: 'middle', ...spot, dy: place - wish + drop };
    const encoding = { x: axes.x, y: axes.y, text: { value: name } };
    const color = ROLES[role].colour;
    return { data: { values: [{ x: last.x, y: last.y }] }, mark: { ...mark, color }, encoding };
  });
}
