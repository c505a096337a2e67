/** In which order the climbs of an attack with restarts are made, and which of them at once. */

import type { Batch } from './run-attack.js';

/** One climb from one image. */
export interface Climb {
  /** Place of the image in the whole input. */
  readonly image: number;
  /** Number of the climb from this image, from 0. */
  readonly restart: number;
}

/** First the first climb of all images, then the second of those that are still open, and so on. */
export function* oneByOne(
  { start, goal }: Batch,
  restarts: number,
  isOpen: (place: number) => boolean,
): Generator<Climb[]> {
  for (let restart = 0; restart < restarts; restart++) {
    const open = [...goal.keys()].filter(isOpen);
    if (open.length === 0) return;
    yield open.map((place) => ({ image: start + place, restart }));
  }
}

/** All climbs of the first image, then of the second, as many at once as the batch may have: so that
 *  many climbs of one image do not cost many passes. */
export function* together({ start, goal, size }: Batch, restarts: number): Generator<Climb[]> {
  const count = goal.length * restarts;
  for (let first = 0; first < count; first += size) {
    yield Array.from({ length: Math.min(size, count - first) }, (_, row) => ({
      image: start + Math.floor((first + row) / restarts),
      restart: (first + row) % restarts,
    }));
  }
}
