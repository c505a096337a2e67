/** The experiment: engine, data, models, training, evaluation, figures, and the way to the report. */

export { project } from '../attacks/norm.js';
export { formatPlace, type Place, UserError, type UserErrorDetails } from '../errors.js';
export type {
  GridImage,
  Published,
  PublishedClaim,
  PublishedEngine,
  PublishedFigure,
  PublishedGrid,
  PublishedProgress,
  PublishedSource,
  PublishedTable,
  PublishedTraining,
  PublishedValue,
  TableColumn,
  TableFormat,
  VegaLiteSpec,
} from '../mime.js';
export {
  fgsmMix,
  hiddenMix,
  type MixOptions,
  signNoiseMix,
  uniformNoiseMix,
} from './adversarial-objective.js';
export { apart } from './apart.js';
export {
  type CostPoint,
  costCurve,
  costOf,
  costUntilSuccess,
} from './attack-cost.js';
export { type Augmentation, withMovedCopies } from './augment.js';
export {
  type CapacityRow,
  type Carried,
  capacityRow,
  type Inner,
  type MeasuringAttack,
  overScales,
  type RobustTraining,
  robustModel,
  robustModels,
  robustNet,
  robustObjective,
  type Score,
  type Square,
  smallestScale,
  squaresOf,
  type TransferRow,
  transferRow,
} from './capacity.js';
export {
  BOX_CONSTRAINTS,
  type GridCell,
  type GridOptions,
  OBJECTIVES,
  objectiveGrid,
} from './carlini-wagner/objective-grid.js';
export {
  type DescentTrace,
  descentTrace,
  type TraceOptions,
} from './carlini-wagner/trace.js';
export { changeCosines } from './change-cosines.js';
export { numberColumn, percentColumn, textColumn } from './columns.js';
export { type Dataset, dataset, roundTo8Bits } from './dataset.js';
export {
  classesAt,
  type Distilled,
  distilled,
  softLabels,
  softmaxAt,
} from './distillation.js';
export { currentEngine, type Engine, type EngineOptions, startEngine } from './engine.js';
export { type Combination, ensemble } from './ensemble.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
export { CLOTHES, fashionMnist } from './fashion-mnist.js';
export { type BarChart, type BarSeries, barChart } from './figures/bar-chart.js';
export { type CostChart, type CostSeries, costChart } from './figures/cost-chart.js';
export { type Bundle, type CurveBundle, curveBundle, type RunEnd } from './figures/curve-bundle.js';
export { type DecisionSlice, decisionSlice, sliceNames } from './figures/decision-slice.js';
export { type GrowthSlider, growthSlider } from './figures/growth-slider.js';
export { type Histogram, type HistogramSeries, histogram } from './figures/histogram.js';
export {
  type LineChart,
  type LinePoint,
  type LineSeries,
  lineChart,
} from './figures/line-chart.js';
export { type LossSlice, lossSlice } from './figures/loss-slice.js';
export { type ScatterPlot, type ScatterSeries, scatterPlot } from './figures/scatter-plot.js';
export { type ShareCell, type ShareMap, shareMap } from './figures/share-map.js';
export type { Axis, Role } from './figures/theme.js';
export { weightImage } from './figures/weight-image.js';
export { bernoulliBayes, gaussianBayes } from './generative.js';
export {
  type GradientHealth,
  gradientHealth,
  type HealthBin,
  healthByGap,
} from './gradient-health.js';
export {
  greyImage,
  type ImageText,
  pictures,
  signedImage,
  type Triples,
  triples,
} from './grid.js';
export { type GrownImage, growingAttack } from './growing-attack.js';
export {
  type GradientStep,
  gradientByDifferences,
  gradientCosines,
  gradientStep,
  inputGradient,
} from './input-gradient.js';
export {
  bestOf,
  type Climbs,
  type Concentration,
  type Convexity,
  climbEnds,
  climbsFrom,
  concentrationOf,
  convexityOf,
  type DanskinCheck,
  type DanskinOptions,
  type DanskinSlope,
  type Directions,
  danskinOnLogistic,
  danskinOnModel,
  directionsOverEps,
  type LossCell,
  type LossPlaneOptions,
  lossBetween,
  lossOverPlane,
  type Pairs,
  type Plane,
  pairsOf,
  planeThrough,
  type RandomPointsOptions,
  randomPoints,
  riseBySteps,
  type Segment,
  type SegmentOptions,
  segmentLosses,
  type TwoMaximisers,
  twoMaximisers,
  worstLossBounds,
} from './landscape.js';
export {
  epsilonForError,
  gaussianTask,
  margins,
  worstCaseEpsilons,
  worstCaseError,
} from './linear-study.js';
export { ends, errorOf, type Measured, overSeeds, share } from './measured.js';
export { mnist } from './mnist.js';
export {
  type Activation,
  type Architecture,
  activations,
  type ConvWeights,
  type CwWeights,
  cwCnn,
  headOutput,
  type Layer,
  type LinearWeights,
  layered,
  linearModel,
  logistic37,
  logisticRegression,
  type MlpWeights,
  type Model,
  madryCnn,
  maxout,
  mlp,
  mlp240,
  modelOf,
  type PlaneNetWeights,
  parameterCount,
  planeNet,
  type RbfNetworkWeights,
  type RbfWeights,
  rbf10,
  rbfNetwork,
  type SoftmaxWeights,
  type Start,
  sigmoidMlp,
  softmaxRegression,
  startWeights,
  tailLogits,
  tailOf,
  type WeightLayout,
  type Weights,
} from './models.js';
export {
  l1Decay,
  l2Decay,
  meanCrossEntropy,
  type Objective,
  unitCrossEntropy,
  worstCaseTraining,
} from './objective.js';
export { type PgdTrainingOptions, pgdTraining } from './pgd-training.js';
export { logitsAlong, type PlaneOptions, planeClasses } from './plane.js';
export {
  claim,
  figure,
  grid,
  progress,
  publishSource,
  table,
  type ValueDetails,
  value,
} from './publish.js';
export {
  childSeed,
  normalTensor,
  type Random,
  random,
  signTensor,
  uniformTensor,
} from './random.js';
export {
  cwQuickRecipe,
  cwRecipe,
  madryAttack,
  madryRecipe,
  maxoutRecipe,
  type Recipe,
} from './recipes.js';
export { structuralSimilarity } from './similarity.js';
export type { Split, SplitOptions } from './split.js';
export {
  correlation,
  type Interval,
  type LinearFit,
  linearFit,
  mean,
  quantile,
  type Spread,
  spread,
  wilsonInterval,
} from './statistics.js';
export {
  type EpsEvaluation,
  errorFromDistances,
  errorOverEps,
  evaluateOverEps,
  firstOrder,
  lossOf,
  marginOf,
  signGradient,
  signNoise,
  type Walk,
  walk,
} from './study.js';
export { type Given, type TrainedModel, trained } from './train.js';
export type { Dropout } from './training/dropout.js';
export type { EarlyStop, ValidationRecord } from './training/early-stop.js';
export type { TrainingRun } from './training/loop.js';
export type { Ramp } from './training/optimizer.js';
export type { Seeds, TrainOptions } from './training/plan.js';
export type { Snapshot } from './training/snapshots.js';
export { type EffortOptions, imagesToError } from './training-effort.js';
export {
  layerGrowth,
  lossAlong,
  objectiveLoss,
  pairedDifference,
  rankCorrelation,
  roughness,
  smallestSteps,
  totalVariation,
  turns,
  weightGradients,
  weightsOfUnits,
} from './training-study.js';
export { type KappaTransfer, transferMatrix, transferOverKappa } from './transfer.js';
export { loadClassifier, saveClassifier } from './weight-file.js';
