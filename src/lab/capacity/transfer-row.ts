/** How far one network's attacks and gradients carry over to another: Madry et al. 2018
 *  (arXiv:1706.06083, section 4 and figure 8). */

import { type Classifier, fgsm, type Images, pgd } from '../../attacks/index.js';
import type { Dataset } from '../dataset.js';
import { evaluate } from '../evaluate.js';
import { gradientCosines } from '../input-gradient.js';
import { type Spread, spread } from '../statistics.js';
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
  const carried = async (making: Promise<{ readonly xAdv: Images }>): Promise<Carried> => {
    const { xAdv } = await making;
    try {
      const [own, other] = [await evaluate(source, xAdv, y), await evaluate(target, xAdv, y)];
      return { source: own.error, target: other.error };
    } finally {
      xAdv.dispose();
    }
  };
  return {
    n: size,
    fgsm: await carried(fgsm(source, x, y, { eps: attack.eps })),
    pgd: await carried(pgd(source, x, y, { ...attack, untilSuccess: false })),
    cosine: spread(await gradientCosines(source, target, x, y)),
  };
}
