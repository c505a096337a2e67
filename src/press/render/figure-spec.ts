import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';
import { refusal, settings } from '../../vega-safety.js';
import { HOVER_CONFIG, withHoverTitles } from './figure-hover.js';
import { type FigureSize, figureTheme, SIZES } from './figure-theme.js';

type Json = { readonly [key: string]: unknown };

/** The specification as it is drawn at one size: our theme over its config, tooltips in the words of
 *  the axes and with short numbers, and on narrow screens plots below one another.
 *  @throws UserError when data stands behind an address, or has too many rows. */
export function sizedSpec(spec: VegaLiteSpec, size: FigureSize): VegaLiteSpec {
  const refused = refusal(spec);
  if (refused !== null) throw new UserError(refused.message, { hint: refused.hint });
  const own = merge(HOVER_CONFIG, isObject(spec.config) ? spec.config : {});
  const config = merge(own, figureTheme(size));
  const named = withHoverTitles(spec);
  const shaped = size === 'narrow' ? narrowed(named) : named;
  return { ...shaped, ...fittedWidth(shaped, size), config };
}

/** Does the figure answer to a pointer: tooltips, selections or bound inputs? */
export function isLive(spec: VegaLiteSpec): boolean {
  const tells = [...settings(spec)].some(({ key, value }) => {
    return key === 'tooltip' && value !== null && value !== false;
  });
  return tells || isWorked(spec);
}

/** Can one change what the figure shows, by selections or bound inputs? */
export function isWorked(spec: VegaLiteSpec): boolean {
  return [...settings(spec)].some(({ key, value }) => {
    if (key !== 'params' || !Array.isArray(value)) return false;
    return value.some((param) => isObject(param) && ('bind' in param || 'select' in param));
  });
}

/** A single plot is fitted into its width; plots beside one another keep the sizes they have. */
function fittedWidth(spec: VegaLiteSpec, size: FigureSize): Json {
  if (isComposed(spec)) return {};
  const { width } = SIZES[size];
  const asked = typeof spec.width === 'number' ? spec.width : width;
  if (isObject(spec.width)) return {};
  return {
    width: Math.min(asked, width),
    // Fitting makes room for marks and labels beside the plot; a wide padding would do so twice.
    autosize: { type: 'fit', contains: 'padding' },
    padding: 3,
    ...height(spec, size),
  };
}

/** Not in proportion to the width: labels beside lines keep their distances. */
const HEIGHTS: { readonly [size in FigureSize]: number } = {
  screen: 1,
  part: 0.6,
  narrow: 0.85,
  print: 0.75,
  'printed-part': 0.55,
};

const isPart = (size: FigureSize): boolean => size === 'part' || size === 'printed-part';

function height(spec: VegaLiteSpec, size: FigureSize): Json {
  const share = HEIGHTS[size];
  if (share === 1 || typeof spec.height !== 'number') return {};
  // What is small enough already stays as it is.
  if (isPart(size) && Number(spec.width) <= SIZES[size].width) return {};
  // A page of paper holds two wide figures and their captions, or one that is as high as wide.
  if (size === 'print' && Number(spec.width) < 1.2 * spec.height) return {};
  return { height: Math.round(spec.height * share) };
}

function isComposed(spec: VegaLiteSpec): boolean {
  const parts = ['hconcat', 'vconcat', 'concat', 'facet', 'repeat'];
  const faceted =
    isObject(spec.encoding) && ['row', 'column', 'facet'].some((c) => c in (spec.encoding as Json));
  return faceted || parts.some((part) => part in spec);
}

function narrowed(spec: VegaLiteSpec): VegaLiteSpec {
  const { hconcat, ...rest } = spec;
  if (Array.isArray(hconcat)) return { ...rest, vconcat: hconcat.map(cappedWidth) };
  if ('concat' in spec || 'facet' in spec || 'repeat' in spec) return { ...spec, columns: 1 };
  return spec;
}

/** Room for a plot of a telephone beside its axis, px. */
const NARROW_PLOT = 290;

function cappedWidth(part: unknown): unknown {
  if (!isObject(part) || typeof part.width !== 'number') return part;
  return { ...part, width: Math.min(part.width, NARROW_PLOT) };
}

function merge(under: Json, over: Json): Json {
  const merged: { [key: string]: unknown } = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = under[key];
    merged[key] = isObject(value) && isObject(below) ? merge(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
