import type { VegaLiteSpec } from '../../mime.js';
import { endDots, endPlaces } from './end-dots.js';
import { CURVE_STATES, DOT_STATES, runParams } from './run-states.js';
import {
  type Axis,
  domainOf,
  framedBeside,
  ROLES,
  type Role,
  xChannel,
  yChannel,
} from './theme.js';

/** What a reader who points at a run sees of its end. */
export interface RunEnd {
  /** A PNG as `data:` address, from `pictures`. */
  readonly picture: string;
  /** Class that the model reads there. */
  readonly answer: number;
}

export interface Bundle {
  /** Printed beside the bundle. */
  readonly name: string;
  readonly role: Role;
  /** Values at x = 0, 1, …: one curve per run. */
  readonly curves: readonly (readonly number[])[];
  /** One per run. */
  readonly ends?: readonly RunEnd[];
}

export interface CurveBundle {
  readonly bundles: readonly Bundle[];
  /** What one run is called: `start`. */
  readonly run: string;
  readonly x: Axis;
  readonly y: Axis;
}

/** Height of the curves, and of an axis with its labels and title, px. */
const HEIGHT = 330;
const AXIS_HEIGHT = 40;

/** Many runs of a few kinds as thin lines, each kind in one colour with its name at its highest run,
 *  and beside them a histogram for each kind of where they end, a dot per run. Who marks a range of the
 *  dots picks out their curves; who points at a run sees its dot, its curve and its end. Values are
 *  rounded to five digits. */
export function curveBundle({ bundles, run, x, y: given }: CurveBundle): VegaLiteSpec {
  // A logarithmic axis has no place for a loss that float32 rounds to 0.
  const drawable = bundles.flatMap(({ curves }) =>
    curves.flat().filter((one) => !given.log || one > 0),
  );
  const y: Axis = { ...given, domain: domainOf(given, drawable) };
  const look = lookOf(bundles, run, y);
  const height = Math.round((HEIGHT + AXIS_HEIGHT) / bundles.length) - AXIS_HEIGHT - 30;
  const kinds = bundles.map((bundle, i) => {
    const runs = runsOf(bundle, y);
    const places = endPlaces(runs.map(({ end }) => end));
    const rows = runs.map((one, k) => ({ ...one, ...places[k] }));
    const dots = endDots(places, { title: `${y.title} at the end` }, { height, run });
    return { rows, plot: { ...endPlot(bundle, dots, look), name: `ends${i}` } };
  });
  const ends = kinds.map(({ plot }) => plot.name);
  return {
    ...framedBeside([curvePlot(bundles, x, y, look), { vconcat: kinds.map(({ plot }) => plot) }]),
    data: { values: kinds.flatMap(({ rows }) => rows) },
    params: runParams('curves', ends),
  };
}

function runsOf({ name, curves, ends }: Bundle, y: Axis) {
  const [low] = y.domain as readonly [number, number];
  const shown = (value: number): number => {
    return Number((y.log ? Math.max(value, low) : value).toPrecision(5));
  };
  return curves.map((curve, i) => {
    const end = ends?.[i];
    return {
      series: name,
      run: i + 1,
      values: curve.map(shown),
      end: shown(curve.at(-1) as number),
      ...(end === undefined ? {} : { image: end.picture, answer: end.answer }),
    };
  });
}

/** Colours, and what a run tells when it is pointed at. */
function lookOf(bundles: readonly Bundle[], run: string, y: Axis): VegaLiteSpec {
  const shown = bundles.some(({ ends }) => ends !== undefined);
  return {
    color: bySeries(bundles, ({ role }) => ROLES[role].colour),
    tooltip: [
      ...(shown ? [{ field: 'image', type: 'nominal' }] : []),
      { field: 'series', type: 'nominal', title: 'model' },
      { field: 'run', type: 'quantitative', title: run },
      { field: 'end', type: 'quantitative', title: `${y.title} at the end` },
      ...(shown ? [{ field: 'answer', type: 'nominal', title: 'read as' }] : []),
    ],
  };
}

function bySeries(bundles: readonly Bundle[], style: (bundle: Bundle) => unknown): VegaLiteSpec {
  const scale = { domain: bundles.map(({ name }) => name), range: bundles.map(style) };
  return { field: 'series', type: 'nominal', scale, legend: null };
}

/** A line for each run, whose row holds the values of all steps, and the names. */
function curvePlot(bundles: readonly Bundle[], x: Axis, y: Axis, look: VegaLiteSpec): VegaLiteSpec {
  const last = Math.max(...bundles.flatMap(({ curves }) => curves.map(({ length }) => length))) - 1;
  const place = { x: xChannel('x', x, [0, last]), y: yChannel('y', y, []) };
  const lines = {
    transform: [
      { flatten: ['values'], as: ['y'] },
      { window: [{ op: 'row_number', as: 'count' }], groupby: ['series', 'run'] },
      { calculate: 'datum.count - 1', as: 'x' },
    ],
    mark: { type: 'line' },
    encoding: {
      ...place,
      detail: { field: 'run', type: 'nominal' },
      strokeDash: bySeries(bundles, ({ role }) => ROLES[role].dash),
      ...look,
      ...CURVE_STATES,
    },
  };
  const names = bundles.map(({ name, role, curves }) => {
    const [low] = y.domain as readonly [number, number];
    const end = Math.max(low, ...curves.map((curve) => curve.at(-1) as number));
    const color = ROLES[role].colour;
    return {
      data: { values: [{ x: last, y: end }] },
      mark: { type: 'text', align: 'right', baseline: 'bottom', dy: -7, color },
      encoding: { ...place, text: { value: name } },
    };
  });
  return { width: 345, height: HEIGHT, layer: [{ ...lines, name: 'curves' }, ...names] };
}

/** The dots of one bundle. */
function endPlot({ name, role }: Bundle, dots: VegaLiteSpec, look: VegaLiteSpec): VegaLiteSpec {
  const { colour: color, shape } = ROLES[role];
  return {
    ...dots,
    title: { text: name, color, fontWeight: 400 },
    transform: [{ filter: { field: 'series', equal: name } }],
    mark: { ...(dots.mark as object), shape },
    encoding: { ...(dots.encoding as object), ...look, ...DOT_STATES },
  };
}
