/** How far one network's attacks and gradients carry over to another: Madry et al. 2018
 *  (arXiv:1706.06083, section 4 and figure 8). */

import { type AttackResult, type Classifier, fgsm, pgd } from '../../attacks/index.js';
import type { Dataset } from '../dataset.js';
import type { Evaluation } from '../evaluate.js';
import { gradientCosines } from '../input-gradient.js';
import { type Spread, spread } from '../statistics.js';
import { onCrafted } from '../transfer.js';
import type { MeasuringAttack } from './capacity-row.js';

/** Errors, as shares of the images, on examples that were made on the source. */
export interface Carried {
  readonly source: number;
  readonly target: number;
}

export interface TransferRow {
  readonly n: number;
  readonly fgsm: Carried;
  readonly pgd: Carried;
  /** Between the input gradients of the two at the clean images, over the images; 0 where one of them
   *  is exactly zero. */
  readonly cosine: Spread;
}

/** From a source to a target, such as a copy that was trained from another seed. */
export async function transferRow(
  source: Classifier,
  target: Classifier,
  { x, y, size }: Dataset,
  attack: MeasuringAttack,
): Promise<TransferRow> {
  const carried = async (crafting: Promise<AttackResult>): Promise<Carried> => {
    const [own, other] = await onCrafted([source, target], y, crafting);
    return { source: (own as Evaluation).error, target: (other as Evaluation).error };
  };
  return {
    n: size,
    fgsm: await carried(fgsm(source, x, y, { eps: attack.eps })),
    pgd: await carried(pgd(source, x, y, { ...attack, untilSuccess: false })),
    cosine: spread(await gradientCosines(source, target, x, y)),
  };
}
