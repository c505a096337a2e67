/** When APGD halves the step of an image (arXiv:2003.01690, section 3.1 and algorithm 1). */

/** ρ: an η is good while at least this share of its steps go up. */
const RHO = 0.75;

/** w_j = ⌈p_j · steps⌉ with p_0 = 0, p_1 = 0.22, p_{j+1} = p_j + max(p_j − p_{j−1} − 0.03, 0.06), below
 *  `steps`. The p_j are counted in hundredths, so that nothing is rounded before ⌈ ⌉. */
export function checkpoints(steps: number): number[] {
  const found: number[] = [];
  for (let [last, p] = [0, 22]; p < 100; [last, p] = [p, p + Math.max(p - last - 3, 6)]) {
    found.push(Math.ceil((p * steps) / 100));
  }
  return found;
}

/** How one image gets on. */
export interface Pace {
  /** η */
  eta: number;
  /** f at the last point. */
  last: number;
  /** The highest f so far. */
  top: number;
  /** Since the last checkpoint: steps that went up. */
  rises: number;
  /** At the last checkpoint: the steps made, the highest f, and whether η was halved. */
  checked: { readonly t: number; readonly top: number; readonly halved: boolean };
}

export function newPace(eta: number): Pace {
  const low = Number.NEGATIVE_INFINITY;
  const rises = -1; // the start will count as one
  return { eta, last: low, top: low, rises, checked: { t: 0, top: low, halved: false } };
}

/** Notes f at the present point; true when it is the highest so far. */
export function noteRise(pace: Pace, f: number): boolean {
  if (f > pace.last) pace.rises++;
  pace.last = f;
  if (!(f > pace.top)) return false;
  pace.top = f;
  return true;
}

/** At a checkpoint after t steps: halves η if fewer than ρ of the steps went up (condition 1), or if
 *  neither η nor the highest f has changed since the last checkpoint (condition 2; as in the authors'
 *  code, there must have been one). */
export function hasStalled(pace: Pace, t: number): boolean {
  const { checked } = pace;
  const tooFew = pace.rises < RHO * (t - checked.t);
  const unchanged = !checked.halved && pace.top === checked.top;
  const halved = tooFew || unchanged;
  if (halved) {
    pace.eta /= 2;
    pace.last = pace.top;
  }
  pace.checked = { t, top: pace.top, halved };
  pace.rises = 0;
  return halved;
}
