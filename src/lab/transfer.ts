/** Whether adversarial examples made on one model fool another. */

import type { AttackResult, Classifier, Labels } from '../attacks/index.js';
import { type Evaluation, evaluate } from './evaluate.js';

/** matrix[i][j]: model j on the examples that `craft` makes on model i, so `matrix[i][j].error` is the
 *  error of model j. On the diagonal each model meets its own examples. The examples are disposed.
 *  craft: `(model) => fgsm(model, x, y, { eps: 0.25 })`; y: N classes. */
export async function transferMatrix(
  models: readonly Classifier[],
  y: Labels,
  craft: (source: Classifier) => Promise<Pick<AttackResult, 'xAdv'>>,
): Promise<Evaluation[][]> {
  const matrix: Evaluation[][] = [];
  for (const source of models) {
    matrix.push(await onCrafted(models, y, craft(source)));
  }
  return matrix;
}

/** How each model does on the same adversarial examples, which are disposed. y: N classes. */
export async function onCrafted(
  models: readonly Classifier[],
  y: Labels,
  crafting: Promise<Pick<AttackResult, 'xAdv'>>,
): Promise<Evaluation[]> {
  const { xAdv } = await crafting;
  try {
    const row: Evaluation[] = [];
    for (const model of models) row.push(await evaluate(model, xAdv, y));
    return row;
  } finally {
    xAdv.dispose();
  }
}

/** How examples of one confidence carry over to another model. */
export interface KappaTransfer {
  /** κ, by how much they lead on the model that they were made on, in the units of its logits. */
  readonly kappa: number;
  /** Examples that fool that model: with a target, that it takes for the target. */
  readonly made: number;
  /** Of these, those that the other model gets wrong too. */
  readonly wrong: number;
  /** Of these, those that the other model takes for the target too; only with targets. */
  readonly asTarget?: number;
}

/** Transfer over κ, as Carlini and Wagner 2017 measure it (arXiv:1608.04644, section 8.3): for each κ,
 *  examples made on one model meet another. They are disposed.
 *  craft: `(kappa) => carliniWagner(model, x, y, { target, kappa })`; y, target: N classes. */
export async function transferOverKappa(
  kappas: readonly number[],
  other: Classifier,
  y: ArrayLike<number>,
  craft: (kappa: number) => Promise<Pick<AttackResult, 'xAdv' | 'success'>>,
  target?: ArrayLike<number>,
): Promise<KappaTransfer[]> {
  const curve: KappaTransfer[] = [];
  for (const kappa of kappas) {
    const crafting = craft(kappa);
    const [met] = await onCrafted([other], y, crafting);
    const { success } = await crafting;
    const { predictions } = met as Evaluation;
    const count = (isSo: (label: number, i: number) => boolean): number =>
      success.filter((isMade, i) => isMade && isSo(predictions[i] as number, i)).length;
    curve.push({
      kappa,
      made: count(() => true),
      wrong: count((label, i) => label !== y[i]),
      ...(target && { asTarget: count((label, i) => label === target[i]) }),
    });
  }
  return curve;
}
