/** The attacks: pure functions of a classifier, images, labels and options. */

export {
  type Box,
  type Classifier,
  type Images,
  type Labels,
  PIXELS,
  UNBOUNDED,
} from './classifier.js';
export { type FgsmOptions, fgsm } from './fgsm.js';
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
export { type AttackResult, type Norms, successRate } from './result.js';
