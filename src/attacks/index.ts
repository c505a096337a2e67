/** The attacks: pure functions of a classifier, images, labels and options. */

export { type ApgdOptions, apgd } from './apgd.js';
export { type ApgdTargetedOptions, apgdTargeted } from './apgd-t.js';
export { bim, type IterativeOptions } from './bim.js';
export { type BoundaryOptions, boundary } from './boundary.js';
export type { BoxConstraint } from './carlini-wagner/box-constraints.js';
export {
  type CarliniWagnerL0Options,
  carliniWagnerL0,
  carliniWagnerL0Schedule,
  type Freezing,
} from './carlini-wagner/l0.js';
export {
  type CarliniWagnerOptions,
  carliniWagner,
  carliniWagnerSchedule,
} from './carlini-wagner/l2.js';
export { type CarliniWagnerLinfOptions, carliniWagnerLinf } from './carlini-wagner/linf.js';
export {
  type Objective as CarliniWagnerObjective,
  objective as carliniWagnerObjective,
} from './carlini-wagner/objectives.js';
export {
  type Box,
  type Classifier,
  type Images,
  type Labels,
  PIXELS,
  UNBOUNDED,
} from './classifier.js';
export { type DeepFoolOptions, deepFool } from './deep-fool.js';
export { type DiscretiseOptions, discretise } from './discretise.js';
export { dlr, targetedDlr } from './dlr.js';
export type { SmallestEpsOptions } from './eps-grid.js';
export {
  type EveryTarget,
  everyTarget,
  type TargetCase,
  type TargetDistances,
  type TargetedAttack,
  targetCases,
  targetDistances,
} from './every-target.js';
export { type FgsmOptions, fgsm } from './fgsm.js';
export { type JsmaOptions, jsma } from './jsma.js';
export { type LbfgsAttackOptions, lbfgs } from './lbfgs.js';
export { leastLikely } from './least-likely.js';
export {
  dotProductShift,
  type LinearParameters,
  maxNormMaximiser,
  maxNormMaximum,
  plusMinusOne,
  printedLogistic,
  softplus,
  type Vector,
  worstCaseLogistic,
  worstCaseLogisticLoss,
} from './linear.js';
export { crossEntropy, type LossGradient, lossGradient } from './loss.js';
export { marginLoss, targetMarginLoss } from './margin.js';
export { type MiFgsmOptions, miFgsm } from './mi-fgsm.js';
export { type PgdLoss, type PgdOptions, pgd } from './pgd.js';
export { type RFgsmOptions, rFgsm } from './r-fgsm.js';
export {
  type AttackResult,
  type Norms,
  perturbationNorms,
  type Restarts,
  successRate,
} from './result.js';
export { type SmallestBimOptions, smallestBim } from './smallest-bim.js';
export { smallestFgsm } from './smallest-fgsm.js';
