/** How one network of the capacity study does: Madry et al. 2018 (arXiv:1706.06083, section 4 and
 *  figure 4). */

import { type AttackResult, fgsm, pgd } from '../../attacks/index.js';
import type { Dataset } from '../dataset.js';
import { type Evaluation, evaluate } from '../evaluate.js';
import { type ConvWeights, type Model, parameterCount } from '../models.js';
import { objectiveLoss } from '../training-study.js';
import { onCrafted } from '../transfer.js';
import { type Inner, type RobustTraining, robustObjective } from './robust-training.js';

/** On n test images. */
export interface Score {
  /** Share of images with the right class. */
  readonly accuracy: number;
  /** Mean J in nats. */
  readonly loss: number;
}

/** A row of the study: plain numbers, ready for a table. */
export interface CapacityRow {
  readonly scale: number;
  readonly parameters: number;
  readonly inner: Inner;
  readonly seed: number;
  readonly n: number;
  /** On clean test images, under FGSM, and under PGD. */
  readonly natural: Score;
  readonly fgsm: Score;
  readonly pgd: Score;
  /** What the training lowered, in nats, at the full ε on the given training images. */
  readonly trainingLoss: number;
  /** Share of the clean test images that get the class which the network gives most often. */
  readonly oneClass: number;
  /** It gives nearly all images that class: it has learned nothing. A finding, not a failure. */
  readonly collapsed: boolean;
  /** FGSM accuracy − clean accuracy. Above 0 the labels leak: FGSM's images carry the label that made
   *  them. */
  readonly labelLeak: number;
  /** Share of the test images that are wrong as they are and right under FGSM. */
  readonly wonByFgsm: number;
}

/** The attack that measures, in the max norm. */
export interface MeasuringAttack {
  readonly eps: number;
  readonly alpha: number;
  readonly steps: number;
  /** Of the random starts. */
  readonly seed: number;
}

/** Share of one class from which a network counts as collapsed. */
const COLLAPSED = 0.9;

/** One row, from a network and the training that it comes from. `shown`: training images for the
 *  loss. */
export async function capacityRow(
  model: Model<ConvWeights>,
  training: Pick<RobustTraining, 'scale' | 'inner' | 'attack' | 'seed'>,
  { shown, test }: { readonly [role in 'shown' | 'test']: Dataset },
  attack: MeasuringAttack,
): Promise<CapacityRow> {
  const { scale, inner, seed } = training;
  const { x, y } = test;
  const natural = await evaluate(model, x, y);
  const under = async (crafting: Promise<AttackResult>): Promise<Evaluation> =>
    (await onCrafted([model], y, crafting))[0] as Evaluation;
  const one = await under(fgsm(model, x, y, { eps: attack.eps }));
  const many = await under(pgd(model, x, y, { ...attack, untilSuccess: false }));
  const oneClass = commonShare(natural.predictions);
  const right = ({ predictions }: Evaluation, i: number): boolean => predictions[i] === y[i];
  const won = [...y.keys()].filter((i) => !right(natural, i) && right(one, i)).length;
  return {
    scale,
    parameters: parameterCount(model.architecture),
    inner,
    seed,
    n: test.size,
    natural: scoreOf(natural),
    fgsm: scoreOf(one),
    pgd: scoreOf(many),
    trainingLoss: objectiveLoss(robustObjective(inner, training.attack), model as never, shown),
    oneClass,
    collapsed: oneClass >= COLLAPSED,
    labelLeak: natural.error - one.error,
    wonByFgsm: won / test.size,
  };
}

function scoreOf({ error, loss }: Evaluation): Score {
  return { accuracy: 1 - error, loss };
}

/** The share of the most frequent number. */
function commonShare(classes: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of classes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / classes.length;
}
