/** The architectures of the notebooks, and what can be done with any of them. */

export {
  type Architecture,
  type Layer,
  layered,
  type Model,
  modelOf,
  parameterCount,
  type Start,
  type WeightLayout,
  type Weights,
} from './models/architecture.js';
export { type CwWeights, cwCnn } from './models/cw-cnn.js';
export {
  type LinearWeights,
  linearModel,
  logistic37,
  logisticRegression,
  type SoftmaxWeights,
  softmaxRegression,
} from './models/linear.js';
export { type ConvWeights, madryCnn } from './models/madry-cnn.js';
export { maxout } from './models/maxout.js';
export { type MlpWeights, mlp, mlp240, sigmoidMlp } from './models/mlp.js';
export { type Activation, activations, headOutput, tailLogits, tailOf } from './models/parts.js';
export { type PlaneNetWeights, planeNet } from './models/plane-net.js';
export { type RbfNetworkWeights, type RbfWeights, rbf10, rbfNetwork } from './models/rbf.js';
export { startWeights } from './models/start-weights.js';
