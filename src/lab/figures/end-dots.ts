import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, xChannel, yChannel } from './theme.js';

/** Width of a histogram of dots, px, and of one bin: as much as a dot needs. */
const WIDTH = 180;
const BIN_WIDTH = 12;

/** Where a run stands in the histogram. */
export interface EndPlace {
  /** Middle of its bin. */
  readonly level: number;
  /** 1, 2, …: its place among the runs of the bin. */
  readonly place: number;
}

/** The places of runs in a histogram of their ends, with even bins from the lowest to the highest. */
export function endPlaces(ends: readonly number[]): EndPlace[] {
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const bins = WIDTH / BIN_WIDTH;
  const width = (high - low || 1) / bins;
  const filled = new Map<number, number>();
  return ends.map((end) => {
    const bin = Math.min(Math.floor((end - low) / width), bins - 1);
    const place = (filled.get(bin) ?? 0) + 1;
    filled.set(bin, place);
    return { level: Number((low + (bin + 0.5) * width).toPrecision(5)), place };
  });
}

/** Dots at these places, one per row. height: px. run: what one is called. */
export function endDots(
  places: readonly EndPlace[],
  x: Axis,
  { height, run }: { readonly height: number; readonly run: string },
): VegaLiteSpec {
  const levels = places.map(({ level }) => level);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const margin = (high - low || 1) / 20;
  const most = Math.max(Math.floor(height / BIN_WIDTH), ...places.map(({ place }) => place));
  const up = {
    title: `${run}s`,
    domain: [0, most + 0.5],
    ticks: [2, 4, 6, 8, 10, 15, 20],
  } as const;
  const along = { title: x.title, domain: [low - margin, high + margin] } as const;
  return {
    width: WIDTH,
    height,
    mark: { type: 'point', filled: true, cursor: 'pointer' },
    encoding: {
      x: xChannel('level', along, levels),
      y: yChannel('place', { ...up, ticks: up.ticks.filter((tick) => tick <= most) }, []),
    },
  };
}
