/** The pair of features that the saliency map of Papernot et al. 2016 picks (arXiv:1511.07528, algorithm
 *  3), the exact one out of all p < q:
 *
 *    argmax of α_pq · (−β_pq)   over α_pq = a_p + a_q > 0 and −β_pq = b_p + b_q > 0
 *
 *  Both factors grow with the features' own numbers. So a feature that two others exceed in a and b is in
 *  no best pair, and of d features few are left to try, where a table of pairs has d² entries. */

/** Indices of the best pair, the smaller one first; undefined where no pair has both sums above 0.
 *  a, b: what each feature adds to α and to −β; features: those that may be picked. */
export function saliencyPair(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  features: readonly number[],
): readonly [p: number, q: number] | undefined {
  const left = exceededOnce(a, b, features);
  let best = 0;
  let pair: readonly [number, number] | undefined;
  left.forEach((p, place) => {
    for (const q of left.slice(place + 1)) {
      const alpha = (a[p] as number) + (a[q] as number);
      const minusBeta = (b[p] as number) + (b[q] as number);
      if (alpha > 0 && minusBeta > 0 && alpha * minusBeta > best) {
        best = alpha * minusBeta;
        pair = p < q ? [p, q] : [q, p];
      }
    }
  });
  return pair;
}

/** The features that at most one other is level with or above in both numbers. */
function exceededOnce(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  features: readonly number[],
): number[] {
  const value = (numbers: ArrayLike<number>, i: number): number => numbers[i] as number;
  const falling = [...features].sort(
    (i, j) => value(a, j) - value(a, i) || value(b, j) - value(b, i) || i - j,
  );
  let [highest, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return falling.filter((i) => {
    const height = value(b, i);
    const isLeft = height > second; // else two with no smaller a are at least as high
    if (height > highest) [highest, second] = [height, highest];
    else if (height > second) second = height;
    return isLeft;
  });
}
