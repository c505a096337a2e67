/** One image under an attack that grows: what the model sees and says at each ε. */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, type Images, type PgdOptions, pgd } from '../attacks/index.js';
import { pictures } from './grid.js';

/** The image at one ε. */
export interface GrownImage {
  readonly eps: number;
  /** A PNG as `data:` address. */
  readonly picture: string;
  /** p of each class. */
  readonly probabilities: readonly number[];
}

/** Attacks one image with PGD at each ε and lets it climb to the end, fooled or not. x: [1, …] in the
 *  box. At ε = 0 the image itself. Throws UserError as `pgd`. */
export async function growingAttack(
  model: Classifier,
  x: Images,
  label: number,
  { sizes, ...options }: { readonly sizes: readonly number[] } & Omit<PgdOptions, 'eps' | 'record'>,
): Promise<GrownImage[]> {
  const grown: GrownImage[] = [];
  for (const eps of sizes) {
    const attacked = eps > 0;
    const image = attacked
      ? (await pgd(model, x, [label], { ...options, eps, untilSuccess: false })).xAdv
      : x;
    const [picture] = (await pictures(image)) as [string];
    const p = tf.tidy(() => tf.softmax(model.logits(image)));
    grown.push({ eps, picture, probabilities: Array.from(await p.data()) });
    p.dispose();
    if (attacked) image.dispose();
  }
  return grown;
}
