/** The study of the loss around images: Madry et al. 2018 (arXiv:1706.06083). */

export { climbEnds } from './landscape/climb-ends.js';
export {
  bestOf,
  type Climbs,
  type Concentration,
  climbsFrom,
  concentrationOf,
  riseBySteps,
} from './landscape/climbs.js';
export {
  type DanskinCheck,
  type DanskinOptions,
  type DanskinSlope,
  danskinOnLogistic,
  danskinOnModel,
  type TwoMaximisers,
  twoMaximisers,
} from './landscape/danskin.js';
export { type Directions, directionsOverEps } from './landscape/directions.js';
export { worstLossBounds } from './landscape/interval-bounds.js';
export { type Pairs, pairsOf } from './landscape/pairs.js';
export { type RandomPointsOptions, randomPoints } from './landscape/random-points.js';
export {
  type Convexity,
  convexityOf,
  type Segment,
  type SegmentOptions,
  segmentLosses,
} from './landscape/segments.js';
export {
  type LossCell,
  type LossPlaneOptions,
  lossOverPlane,
  type Plane,
  planeThrough,
} from './landscape/slice.js';
export { lossBetween } from './landscape/weights-between.js';
