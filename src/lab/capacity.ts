/** The study of capacity: Madry et al. 2018 (arXiv:1706.06083, section 4). */

export {
  type CapacityRow,
  capacityRow,
  type MeasuringAttack,
  type Score,
} from './capacity/capacity-row.js';
export { overScales, smallestScale } from './capacity/over-scales.js';
export { robustModels } from './capacity/robust-models.js';
export {
  type Inner,
  type RobustTraining,
  robustModel,
  robustNet,
  robustObjective,
} from './capacity/robust-training.js';
export { type Square, squaresOf } from './capacity/squares.js';
export { type Carried, type TransferRow, transferRow } from './capacity/transfer-row.js';
