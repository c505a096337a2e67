/** Whether adversarial examples made on one model fool another. */

import type { AttackResult, Classifier, Images, Labels } from '../attacks/index.js';
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
    const { xAdv } = await craft(source);
    try {
      matrix.push(await onEach(models, xAdv, y));
    } finally {
      xAdv.dispose();
    }
  }
  return matrix;
}

async function onEach(models: readonly Classifier[], x: Images, y: Labels): Promise<Evaluation[]> {
  const row: Evaluation[] = [];
  for (const model of models) row.push(await evaluate(model, x, y));
  return row;
}
