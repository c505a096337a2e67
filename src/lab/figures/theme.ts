/** What all figures share: colours by role, sizes, axes. Every role also has its own dash and
 *  shape, so that a figure printed in grey can still be read. */

import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';

/** What a series shows; the same colour in every notebook. */
export type Role = 'clean' | 'adversarial' | 'trained' | 'noise' | 'paper';

interface RoleStyle {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly shape: string;
}

export const ROLES: { readonly [role in Role]: RoleStyle } = {
  clean: { colour: '#0072B2', dash: [], shape: 'circle' },
  adversarial: { colour: '#D55E00', dash: [7, 3], shape: 'triangle-up' },
  trained: { colour: '#009E73', dash: [2, 2], shape: 'square' },
  noise: { colour: '#767676', dash: [8, 3, 2, 3], shape: 'diamond' },
  paper: { colour: '#000000', dash: [4, 4], shape: 'circle' },
};

/** Blue – white – vermilion, for values around zero. */
export const DIVERGING: readonly string[] = [
  ROLES.clean.colour,
  '#ffffff',
  ROLES.adversarial.colour,
];

/** Full width of a figure in the text, px, and the ratio of its height. */
const TEXT_WIDTH = 640;
const RATIO = 0.62;

/** One axis of a figure. */
export interface Axis {
  /** With the unit: `loss (nats)`. */
  readonly title: string;
  readonly log?: boolean;
  /** Fractions, labelled as percentages. */
  readonly percent?: boolean;
  /** First and last value shown; default the data's. */
  readonly domain?: readonly [number, number];
  /** Where to put marks; default even ones, on a log axis the powers of ten. */
  readonly ticks?: readonly number[];
}

/** The frame of a figure with one plot. width and height, px, hold everything, labels beside the
 *  plot included. */
export function frame(
  layers: readonly VegaLiteSpec[],
  size: { readonly height?: number; readonly width?: number } = {},
): VegaLiteSpec {
  const { height = Math.round(TEXT_WIDTH * RATIO), width = TEXT_WIDTH } = size;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    background: null,
    layer: layers,
    config: CONFIG,
  };
}

/** The frame of a figure of plots beside one another, below one another on a small screen. Each has
 *  its own width and height, px. */
export function framedBeside(plots: readonly VegaLiteSpec[]): VegaLiteSpec {
  const $schema = 'https://vega.github.io/schema/vega-lite/v5.json';
  return { $schema, background: null, hconcat: plots, config: CONFIG };
}

const CONFIG: VegaLiteSpec = {
  font: 'Source Sans 3',
  view: { stroke: null },
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', tickSize: 4 },
  axisX: { grid: false, titlePadding: 8 },
  axisY: { gridColor: '#dddddd', gridWidth: 0.6, domain: false, ticks: false, labelPadding: 6 },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    offset: 26, // clear of the axis title above the plot
    symbolSize: 140,
    symbolStrokeWidth: 1.6,
  },
  text: { fontSize: 12 },
  line: { strokeWidth: 1.6 },
};

/** The horizontal position channel. */
export function xChannel(field: string, axis: Axis, values: readonly number[]): VegaLiteSpec {
  return { field, type: 'quantitative', scale: scaleOf(axis, values), axis: axisOf(axis, values) };
}

/** The vertical position channel; its title lies flat above the axis. */
export function yChannel(field: string, axis: Axis, values: readonly number[]): VegaLiteSpec {
  return { ...xChannel(field, axis, values), axis: { ...axisOf(axis, values), ...FLAT_TITLE } };
}

const FLAT_TITLE: VegaLiteSpec = {
  titleAngle: 0,
  titleAlign: 'left',
  titleAnchor: 'end',
  titleBaseline: 'bottom',
  titleX: -36,
  titleY: -10,
};

/** First and last value of an axis: the one given, else the data's. Throws UserError without values
 *  or with one that is not finite, and on a log axis for a value that is not above 0. */
export function domainOf(
  { title, domain, log }: Axis,
  values: readonly number[],
): readonly [number, number] {
  const wrong = [...values, ...(domain ?? [])].find(
    (one) => !Number.isFinite(one) || (log && one <= 0),
  );
  if (wrong !== undefined) {
    const wanted = log ? 'finite numbers above 0, as its axis is logarithmic,' : 'finite numbers';
    throw new UserError(`expected ${wanted} for "${title}", got ${wrong}`, {
      hint: log ? 'Leave the point out, or take a linear axis.' : 'Leave the point out.',
    });
  }
  if (domain !== undefined) return domain;
  if (values.length === 0) {
    throw new UserError(`expected points to draw over "${title}", got none`, {
      hint: 'Check that the series have points, or give the axis a domain.',
    });
  }
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

function scaleOf(axis: Axis, values: readonly number[]): VegaLiteSpec {
  const domain = domainOf(axis, values);
  if (axis.log) return { type: 'log', domain, nice: false };
  return { domain, zero: false, nice: axis.domain === undefined };
}

function axisOf(axis: Axis, values: readonly number[]): VegaLiteSpec {
  const { title, log, percent, ticks } = axis;
  const base = { title, ...(ticks === undefined ? { tickCount: 6 } : { values: ticks }) };
  if (percent) return { ...base, labelExpr: `format(datum.value * 100, '~g') + '\u202f%'` };
  if (!log) return base;
  const marks = ticks ?? powersOfTen(domainOf(axis, values));
  const labels = Object.fromEntries(marks.map((mark) => [String(mark), logLabel(mark)]));
  return { ...base, values: marks, labelExpr: `(${JSON.stringify(labels)})[datum.value]` };
}

function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(`1e${first + i}`));
}

/** 0.01, 1, 1000, and from there 10⁴. */
function logLabel(mark: number): string {
  const exponent = Math.log10(mark);
  if (!Number.isInteger(exponent) || Math.abs(exponent) < 4) return String(mark);
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const raised = String(Math.abs(exponent)).replace(/\d/g, (d) => digits[Number(d)] as string);
  return `10${exponent < 0 ? '⁻' : ''}${raised}`;
}

/** A colour mixed with white; strength 1 leaves it. Opaque, so that tiles that touch show no seam. */
export function tint(colour: string, strength: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const mixed = channels.map((channel) => Math.round(255 + strength * (channel - 255)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Ink over tinted areas. Not quite black: a dark page turns black lines and text light, and these
 *  must stay dark. */
export const INK_ON_TINT = '#1c1c1e';
