/** How far the boundary attack steps, image by image (section 2.3 and figure 2 of the paper: δ is kept
 *  where about half of the points on the sphere are adversarial, as if the border were flat, and ε
 *  shrinks with the share of steps that succeed, to 0 at the nearest point). Limits, windows and the
 *  factor are those of the authors' code, but for windows that fill sooner. */

export interface Pace {
  /** δ, length of the orthogonal step, as a share of the distance to x. */
  delta: number;
  /** ε, length of the source step, likewise. */
  epsilon: number;
  /** Whether the last points on the sphere were adversarial. */
  spheres: boolean[];
  /** Whether the last steps ended at an adversarial point. */
  steps: boolean[];
}

export function newPace(): Pace {
  return { delta: 0.01, epsilon: 0.01, spheres: [], steps: [] };
}

/** Notes a point on the sphere. The more of them are adversarial, the flatter the border looks. */
export function noteSphere(pace: Pace, isAdversarial: boolean): void {
  pace.spheres.push(isAdversarial);
  if (pace.spheres.length < 10) return;
  const rate = share(pace.spheres);
  const factor = rate > 0.5 ? FACTOR : rate < 0.2 ? 1 / FACTOR : 1;
  pace.delta *= factor;
  pace.epsilon *= factor;
  pace.spheres = [];
}

/** Notes a whole step. */
export function noteStep(pace: Pace, isAdversarial: boolean): void {
  pace.steps.push(isAdversarial);
  if (pace.steps.length < 30) return;
  const rate = share(pace.steps);
  pace.epsilon *= rate > 0.25 ? FACTOR : rate < 0.1 ? 1 / FACTOR : 1;
  pace.steps = [];
}

/** At such an ε the distance does not change any more. */
export function isConverged({ epsilon }: Pace): boolean {
  return epsilon < 1e-7;
}

const FACTOR = 1.5;

function share(outcomes: readonly boolean[]): number {
  return outcomes.filter(Boolean).length / outcomes.length;
}
