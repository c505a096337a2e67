import type { VegaLiteSpec } from '../../mime.js';

type Json = { readonly [key: string]: unknown };

/** Six digits are what a 32-bit number holds: 0.9526, not 0.9526000142097473. */
export const HOVER_CONFIG: VegaLiteSpec = { tooltipFormat: { numberFormat: '.6~g' } };

/** Parts of a specification that hold plots of their own. */
const PARTS = ['layer', 'hconcat', 'vconcat', 'concat', 'spec'];

/** The specification with the titles of axes and legends in its tooltips, where it would show the
 *  bare names of fields. A title that an author gave a tooltip stays. */
export function withHoverTitles(spec: VegaLiteSpec): VegaLiteSpec {
  return titledPlot(spec, new Map());
}

/** @param above titles by field, of the plots around this one. */
function titledPlot(plot: Json, above: ReadonlyMap<unknown, string>): Json {
  const encoding = isObject(plot.encoding) ? plot.encoding : {};
  const titles = new Map([...above, ...channelTitles(encoding)]);
  const parts = PARTS.filter((part) => part in plot).map((part) => {
    const inner = plot[part];
    const titled = (one: unknown): unknown => (isObject(one) ? titledPlot(one, titles) : one);
    return [part, Array.isArray(inner) ? inner.map(titled) : titled(inner)];
  });
  const own = 'tooltip' in encoding ? { encoding: titledTooltip(encoding, titles) } : {};
  return { ...plot, ...own, ...Object.fromEntries(parts) };
}

function channelTitles(encoding: Json): [field: unknown, title: string][] {
  return Object.entries(encoding).flatMap(([name, channel]) => {
    if (name === 'tooltip' || !isObject(channel)) return [];
    const { field, title, axis, legend } = channel;
    const shown = [title, titleOf(axis), titleOf(legend)].find((one) => typeof one === 'string');
    return typeof shown === 'string' && shown !== '' ? [[field, shown]] : [];
  });
}

function titledTooltip(encoding: Json, titles: ReadonlyMap<unknown, string>): Json {
  const titled = (entry: unknown): unknown => {
    if (!isObject(entry)) return entry;
    const { field, title = field } = entry;
    const better = title === field ? titles.get(field) : undefined;
    return better === undefined ? entry : { ...entry, title: better };
  };
  const { tooltip } = encoding;
  return { ...encoding, tooltip: Array.isArray(tooltip) ? tooltip.map(titled) : titled(tooltip) };
}

const titleOf = (guide: unknown): unknown => (isObject(guide) ? guide.title : undefined);

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
