/** Seven objectives by three box constraints: Carlini, Wagner 2017 (arXiv:1608.04644, table III). */

import {
  type BoxConstraint,
  type CarliniWagnerObjective,
  type CarliniWagnerOptions,
  carliniWagner,
  everyTarget,
  type TargetDistances,
  targetDistances,
} from '../../attacks/index.js';
import type { Dataset } from '../dataset.js';
import { type Codec, contentHash, memoised } from '../memo.js';
import { progress } from '../publish.js';
import type { TrainedModel } from '../train.js';

/** The objectives of the table, as repaired where they cannot work as printed. */
export const OBJECTIVES = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'] as const;

export const BOX_CONSTRAINTS: readonly BoxConstraint[] = [
  'change-of-variables',
  'clipped',
  'projected',
];

/** What one combination did with every image and each wrong class. */
export interface GridCell {
  readonly objective: CarliniWagnerObjective;
  readonly constraint: BoxConstraint;
  /** ‖δ‖₂. */
  readonly distances: TargetDistances;
}

type Effort = Required<Pick<CarliniWagnerOptions, 'steps' | 'searches'>>;

export interface GridOptions extends Effort {
  /** First c. */
  readonly initialC: number;
  /** Step size of each box constraint: a free variable of its own has a scale of its own. */
  readonly lr: { readonly [constraint in BoxConstraint]: number };
}

/** Raise it when the same call would give other numbers. */
const GRID_VERSION = 1;

/** Attacks every image towards every other class, once for each of the 21 combinations, with the paper's
 *  search for c. Each cell is kept in the cache when it is done, so that a run that was ended goes on from
 *  there. */
export async function objectiveGrid(
  model: TrainedModel,
  images: Dataset,
  options: GridOptions,
): Promise<GridCell[]> {
  const cells: GridCell[] = [];
  for (const objective of OBJECTIVES) {
    for (const constraint of BOX_CONSTRAINTS) {
      progress('objective × box', cells.length, OBJECTIVES.length * BOX_CONSTRAINTS.length);
      const { lr, ...shared } = options;
      const settings = { ...shared, lr: lr[constraint], objective, constraint };
      const key = contentHash([GRID_VERSION, model.key, images.key, settings]);
      const distances = await memoised(key, JSON_CODEC, () => distancesOf(model, images, settings));
      cells.push({ objective, constraint, distances });
    }
  }
  return cells;
}

const JSON_CODEC: Codec<TargetDistances> = {
  encode: (result) => Buffer.from(JSON.stringify(result)),
  decode: (bytes) => JSON.parse(bytes.toString()) as TargetDistances,
};

async function distancesOf(
  model: TrainedModel,
  { x, y }: Dataset,
  options: CarliniWagnerOptions,
): Promise<TargetDistances> {
  const every = await everyTarget(carliniWagner, model, x, y, { ...options, constant: 'searched' });
  every.result.xAdv.dispose();
  return targetDistances(every, 'l2');
}
