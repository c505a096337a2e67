import type { VegaLiteSpec } from '../../mime.js';

/** `screen` fills the text column, `narrow` a telephone, `print` the column of an A4 page; `part` and
 *  `printed-part` leave room for another beside them. */
export type FigureSize = 'screen' | 'part' | 'narrow' | 'print' | 'printed-part';

/** Width of the whole figure, px, and of its text. Print has 96 px to the inch: 11 px are 8.2 pt. */
export const SIZES: {
  readonly [size in FigureSize]: { width: number; axis: number; title: number; text: number };
} = {
  screen: { width: 640, axis: 13, title: 13.5, text: 13.5 },
  part: { width: 305, axis: 12, title: 12.5, text: 12.5 },
  narrow: { width: 340, axis: 12, title: 12.5, text: 12.5 },
  print: { width: 627, axis: 10.7, title: 12, text: 12 },
  'printed-part': { width: 300, axis: 10.7, title: 12, text: 12 },
};

/** Whether a size is one of paper. */
export const isPrint = (size: FigureSize): boolean => size === 'print' || size === 'printed-part';

/** As a CSS list: a name that ends in a digit must stand in quotes. */
const FIGURE_FONT = '"Source Sans 3", sans-serif';
/** Ink follows the text around the figure, by day and by night; data colours stay. */
const INK = 'currentColor';
const RULE = 'var(--grid, #dedbd3)';
export const PAPER = 'var(--paper, #fffefb)';

/** The look of every figure: no box, light horizontal grid, quiet axes. It stands above what a
 *  specification says about fonts, sizes of text and colours of ink. */
export function figureTheme(size: FigureSize): VegaLiteSpec {
  const { width, axis, title, text } = SIZES[size];
  const titles = {
    titleFontSize: title,
    titleFontWeight: 400,
    titleColor: INK,
    titleFont: FIGURE_FONT,
  };
  const labels = { labelFontSize: axis, labelColor: INK, labelFont: FIGURE_FONT };
  return {
    // One label on the whole image; entries for every point would drown a reader who listens.
    aria: false,
    background: null,
    font: FIGURE_FONT,
    view: { stroke: null, continuousWidth: width, continuousHeight: Math.round(width * 0.56) },
    axis: {
      ...titles,
      ...labels,
      domainColor: INK,
      tickColor: INK,
      tickSize: 4,
      labelPadding: 5,
      gridColor: RULE,
    },
    axisX: { grid: false, titlePadding: 8, labelOverlap: 'greedy', labelSeparation: 6 },
    axisY: {
      domain: false,
      ticks: false,
      gridColor: RULE,
      gridWidth: 0.8,
      ...(width < 400 ? { tickCount: 5 } : {}),
    },
    legend: { ...titles, ...labels, symbolStrokeWidth: 1.8, titlePadding: 6 },
    header: { ...titles, ...labels },
    title: { color: INK, font: FIGURE_FONT, fontSize: title, fontWeight: 600, anchor: 'start' },
    text: { color: INK, fontSize: text, font: FIGURE_FONT },
    rule: { color: INK },
    tick: { color: INK },
    line: { strokeWidth: isPrint(size) ? 1.6 : 1.8 },
    range: {
      category: ['#0072B2', '#D55E00', '#009E73', '#767676', '#CC79A7', '#56B4E9'],
      heatmap: { scheme: 'viridis' },
    },
  };
}
