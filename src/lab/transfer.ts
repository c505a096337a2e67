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
