/** What one descent after another has found of each image: the nearest adversarial point and the cost. */

import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, checkLogits, type Images } from '../classifier.js';
import { type Held, swap } from '../held.js';
import { shortfallSlope } from '../margin.js';
import { retest } from '../result.js';
import { pick, pickRows, replaceEntries, replaceRows } from '../rows.js';
import { type Aim, type Attacked, type Batch, pickAim } from '../run-attack.js';
import { type Descended, type DescendOptions, descend, type From, isReached } from './descend.js';

export interface Book {
  /** The images that were not adversarial to begin with: places in the batch. */
  readonly open: readonly number[];
  /** Descends from these images of the batch, and writes down what was found. Its rows are those of
   *  `places`. The caller frees its `xAdv`. */
  descend(places: readonly number[], from: From, options: DescendOptions): Promise<Descended>;
  /** ∇f at images of these places: an f6 without its bound −κ, so that it has a slope behind the border
   *  too. The caller frees it. */
  slope(places: readonly number[], images: Images): Promise<tf.Tensor>;
  /** The result for the whole batch. An image without an adversarial point is where its last descent
   *  ended. */
  close(): Promise<Attacked>;
}

/** Opens the book of a batch, with a test of the clean images. */
export async function openBook(
  model: Classifier,
  batch: Batch,
  kappa: number,
  held: Held,
): Promise<Book> {
  const { x, goal } = batch;
  const all = <T>(value: T): T[] => Array.from(goal, () => value);
  const reached = await reachedAt(model, batch, kappa);
  const firstSuccess: number[] = reached.map((now) => (now ? 0 : -1));
  const distance = reached.map((now) => (now ? 0 : Number.POSITIVE_INFINITY));
  const [forward, backward] = [all(2), all(0)]; // 2: the tests before and after
  const loss: number[][] = [all(0)];
  const iterates: Images[] = [];
  let xAdv = held.keep(tf.clone(x));

  return {
    open: [...goal.keys()].filter((i) => !reached[i]),
    descend: async (places, from, options) => {
      const aim = pickAim(batch, places, held);
      const found = await descend(model, aim, from, options, held);
      const better = [...places.keys()].filter((row) => {
        const best = distance[places[row] as number] as number;
        return (found.distance[row] as number) < best || best === Number.POSITIVE_INFINITY;
      });
      xAdv = swap(held, xAdv, () =>
        replaceRows(xAdv, pick(places, better), pickRows(found.xAdv, better)),
      );
      held.free(aim.x);
      const made = loss.length - 1;
      places.forEach((i, row) => {
        const first = found.firstSuccess[row] as number;
        if (first !== -1 && firstSuccess[i] === -1) firstSuccess[i] = made + first;
        distance[i] = Math.min(distance[i] as number, found.distance[row] as number);
        forward[i] = (forward[i] as number) + (found.forward[row] as number);
        backward[i] = (backward[i] as number) + (found.backward[row] as number);
      });
      for (const values of found.objective) {
        loss.push(replaceEntries(loss.at(-1) as number[], places, values));
      }
      for (const images of found.iterates) {
        iterates.push(held.keep(replaceRows(iterates.at(-1) ?? x, places, images)));
        held.free(images);
      }
      return found;
    },
    slope: async (places, images) => {
      const goals = Int32Array.from(pick(goal, places));
      const gradient = await shortfallSlope(model, images, goals, batch.targeted);
      for (const i of places) {
        forward[i] = (forward[i] as number) + 1;
        backward[i] = (backward[i] as number) + 1;
      }
      return gradient;
    },
    close: async () => ({
      after: await retest(model, xAdv, goal),
      hasLead: distance.map(Number.isFinite),
      xAdv: held.give(xAdv),
      firstSuccess,
      forward,
      backward,
      loss,
      ...(iterates.length > 0 && { iterates: iterates.map(held.give) }),
    }),
  };
}

/** Whether each image is adversarial already, by κ. */
async function reachedAt(
  model: Classifier,
  { x, goal, targeted }: Aim,
  kappa: number,
): Promise<boolean[]> {
  const [Z, reached] = tf.tidy(() => {
    const logits = model.logits(x);
    return [logits, isReached(logits, tf.tensor1d(goal, 'int32'), targeted, kappa)];
  }) as [tf.Tensor2D, tf.Tensor1D];
  try {
    checkLogits(model, await Z.data());
    return Array.from(await reached.data(), Boolean);
  } finally {
    tf.dispose([Z, reached]);
  }
}
