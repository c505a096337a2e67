/** What the code of an attack does not say by itself. The table of docs/attacks.md is made of this and
 *  of the options that each attack takes. */

import type { Norms } from './result.js';

export interface AttackFacts {
  /** What it keeps small; absent where the option `norm` says it. */
  readonly norm?: keyof Norms;
  /** What it asks the model for: the gradient of a loss, those of the single logits, or the class. */
  readonly knowledge: 'gradients' | 'gradients of logits' | 'classes';
  /** It looks for the nearest adversarial point, or for any within ε. */
  readonly looksFor: 'nearest' | 'within ε';
  /** Key of `notebooks/references.bib`. */
  readonly paper: string;
  /** The place in the paper. */
  readonly place: string;
}

/** Every attack, by the name of its function. */
export const CATALOGUE: { readonly [attack: string]: AttackFacts } = {
  fgsm: {
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'goodfellow2015',
    place: 'section 4',
  },
  rFgsm: {
    norm: 'linf',
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'tramer2018',
    place: 'section 3.3',
  },
  smallestFgsm: {
    norm: 'linf',
    knowledge: 'gradients',
    looksFor: 'nearest',
    paper: 'carlini2017',
    place: 'section 8.1',
  },
  bim: {
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'kurakin2016',
    place: 'section 2.2',
  },
  smallestBim: {
    norm: 'linf',
    knowledge: 'gradients',
    looksFor: 'nearest',
    paper: 'carlini2017',
    place: 'section 8.1',
  },
  miFgsm: {
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'dong2018',
    place: 'algorithm 1',
  },
  pgd: {
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'madry2018',
    place: 'section 2.1',
  },
  apgd: {
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'croce2020',
    place: 'sections 3 and 4',
  },
  apgdTargeted: {
    knowledge: 'gradients',
    looksFor: 'within ε',
    paper: 'croce2020',
    place: 'sections 4.2 and 5',
  },
  lbfgs: {
    norm: 'l2',
    knowledge: 'gradients',
    looksFor: 'nearest',
    paper: 'szegedy2014',
    place: 'section 4.1',
  },
  deepFool: {
    knowledge: 'gradients of logits',
    looksFor: 'nearest',
    paper: 'moosavi2016',
    place: 'algorithm 2',
  },
  jsma: {
    norm: 'l0',
    knowledge: 'gradients of logits',
    looksFor: 'nearest',
    paper: 'papernot2016limitations',
    place: 'algorithm 3',
  },
  carliniWagner: {
    norm: 'l2',
    knowledge: 'gradients',
    looksFor: 'nearest',
    paper: 'carlini2017',
    place: 'sections 5 and 6.1',
  },
  carliniWagnerL0: {
    norm: 'l0',
    knowledge: 'gradients',
    looksFor: 'nearest',
    paper: 'carlini2017',
    place: 'section 6.2',
  },
  carliniWagnerLinf: {
    norm: 'linf',
    knowledge: 'gradients',
    looksFor: 'nearest',
    paper: 'carlini2017',
    place: 'section 6.3',
  },
  boundary: {
    norm: 'l2',
    knowledge: 'classes',
    looksFor: 'nearest',
    paper: 'brendel2018',
    place: 'section 2',
  },
};
