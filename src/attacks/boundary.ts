/** The boundary attack, Brendel, Rauber, Bethge 2018 (arXiv:1712.04248, section 2): it sees the class
 *  of an image and nothing else.
 *
 *  It starts at an adversarial point and walks along the border. Each step draws a random direction,
 *  goes δ · d that way on the sphere of radius d = ‖x_t − x‖₂ around x (the orthogonal step), then
 *  ε · d towards x (the source step), and is taken back unless it ends at an adversarial point. */

import * as tf from '@tensorflow/tfjs-core';
import { isConverged, newPace, noteSphere, noteStep, type Pace } from './boundary-pace.js';
import { checkStart, firstPoints, hits } from './boundary-start.js';
import { propose } from './boundary-step.js';
import { checkSeed, checkSteps } from './check-options.js';
import type { Classifier, Images, Labels } from './classifier.js';
import { type Held, holding } from './held.js';
import { fillNormal, type RandomStream, randomStream } from './random-stream.js';
import { type AttackResult, classesOf } from './result.js';
import { pick, pickRows, replaceRows } from './rows.js';
import { type Attacked, type AttackOptions, type Batch, runAttack } from './run-attack.js';

export interface BoundaryOptions extends AttackOptions {
  /** Most steps for one image; default 5,000. A step costs one query, every tenth two. */
  readonly steps?: number;
  /** Number that all directions come from; default 0. */
  readonly seed?: number;
  /** An adversarial point for each image, the shape of x; absent: uniform noise in the box, drawn up to
   *  100 times. */
  readonly start?: Images;
}

/** The boundary attack. x: [N, ...inputShape], float32 in the box; y: N classes. It looks for the
 *  nearest adversarial point in L2; more steps go on from where fewer ended. An image that is
 *  adversarial already is returned as it is, and so is one for which no noise was adversarial. The
 *  queries are the `forward` of the result; it has no `loss`. The model may return its decision alone,
 *  one-hot. Throws UserError on wrong shapes, labels or ranges, a start that is not adversarial, or no
 *  start and a box without bounds. */
export async function boundary(
  model: Classifier,
  x: Images,
  y: Labels,
  { steps = 5000, seed = 0, start, ...options }: BoundaryOptions = {},
): Promise<AttackResult> {
  checkSteps(steps);
  checkSeed(seed);
  await checkStart(model, x, start, options);
  return runAttack('boundary', model, x, y, options, (batch, held) =>
    walk(model, batch, { steps, seed, start }, held),
  );
}

/** The steps of the walk at which the point on the sphere is tested too. */
const SPHERE_EVERY = 10;
/** The directions come from another stream than the noise of the start. */
const WALK = 1;

async function walk(
  model: Classifier,
  batch: Batch,
  settings: { readonly steps: number; readonly seed: number; readonly start: Images | undefined },
  held: Held,
): Promise<Attacked> {
  const { found, walking, queries, ...begun } = await firstPoints(model, batch, settings, held);
  const walkers = Array.from(batch.goal, (_, i) => ({
    pace: newPace(),
    stream: randomStream(settings.seed, batch.start + i, WALK),
  }));
  let xt = begun.points;
  let rows = [...walking];
  for (let t = 0; t < settings.steps && rows.length > 0; t++) {
    const withSphere = t % SPHERE_EVERY === 0;
    const moved = await holding((inner) =>
      tryStep(model, batch, xt, { rows, walkers: pick(walkers, rows), withSphere }, inner),
    );
    held.free(xt);
    xt = held.keep(moved);
    for (const i of rows) queries[i] = (queries[i] as number) + (withSphere ? 2 : 1);
    rows = rows.filter((i) => !isConverged((walkers[i] as Walker).pace));
    await tf.nextFrame(); // let messages out between steps
  }
  return {
    xAdv: held.give(xt),
    after: { predicted: await classesOf(model, xt), loss: [] },
    firstSuccess: found.map((isFound) => (isFound ? 0 : -1)),
    forward: queries.map((count) => count + 1),
    backward: queries.map(() => 0),
    loss: [],
  };
}

/** One image on its way. */
interface Walker {
  readonly pace: Pace;
  readonly stream: RandomStream;
}

/** The points after one more step of the images at these places; the walkers are changed. */
async function tryStep(
  model: Classifier,
  batch: Batch,
  xt: Images,
  {
    rows,
    walkers,
    withSphere,
  }: {
    readonly rows: readonly number[];
    readonly walkers: readonly Walker[];
    readonly withSphere: boolean;
  },
  held: Held,
): Promise<Images> {
  const here = { x: held.keep(pickRows(batch.x, rows)), xt: held.keep(pickRows(xt, rows)) };
  const noise = held.keep(normal(here.x, walkers));
  const paces = walkers.map(({ pace }) => pace);
  const { sphere, nearer } = propose(here, noise, paces, batch.box);
  for (const tensor of [sphere, nearer]) held.keep(tensor);
  if (withSphere) {
    const onSphere = await hits(model, batch, sphere, rows);
    for (const [row, isHit] of onSphere.entries()) noteSphere(paces[row] as Pace, isHit);
  }
  const isHit = await hits(model, batch, nearer, rows);
  for (const [row, pace] of paces.entries()) noteStep(pace, isHit[row] as boolean);
  const accepted = [...rows.keys()].filter((row) => isHit[row]);
  return replaceRows(xt, pick(rows, accepted), held.keep(pickRows(nearer, accepted)));
}

/** Standard normal noise, the shape of the images, a row from the stream of each walker. */
function normal(like: Images, walkers: readonly Walker[]): Images {
  const size = like.size / walkers.length;
  const values = new Float32Array(like.size);
  walkers.forEach(({ stream }, row) => {
    fillNormal(values.subarray(row * size, (row + 1) * size), stream);
  });
  return tf.tensor(values, like.shape);
}
