import type { Classifier } from '../../attacks/index.js';
import { evaluate } from '../evaluate.js';
import type { RunEnd } from '../figures/curve-bundle.js';
import { pictures } from '../grid.js';
import type { Climbs } from './climbs.js';

/** Where each climb ended, as a picture, and what the model reads there. Images of one channel. */
export async function climbEnds(
  model: Classifier,
  { maxima, label }: Pick<Climbs, 'maxima' | 'label'>,
): Promise<RunEnd[]> {
  const shown = await pictures(maxima);
  const { predictions } = await evaluate(model, maxima, new Array(shown.length).fill(label));
  return shown.map((picture, i) => ({ picture, answer: predictions[i] as number }));
}
