/** The lab beside PyTorch, and beside the attack libraries that stand on it: same net, same images. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  compared,
  inFolder,
  inTurn,
  mean,
  print,
  printed,
  RUNS,
  round,
  summary,
} from './measure.mjs';
import { torchPython } from './peers.mjs';
import { node, script, withDigits, withModels } from './with-digits.mjs';

const RADII = /** @type {const} */ (['0.3', '0.1']);
const OURS = /** @type {const} */ (['every-step', 'until-success']);
const PEERS = /** @type {const} */ (['Foolbox', 'torchattacks', 'ART']);
/** @typedef {typeof OURS[number]} Ours @typedef {typeof PEERS[number]} Peer */

/** Of the time of the fastest peer. Every peer makes every step on every image. */
const LIMITS = {
  'every-step': { 0.3: 1.1, 0.1: 1.1 },
  'until-success': { 0.3: 0.5, 0.1: 0.8 },
};

const IMAGES = 500;
const TRAINING_STEPS = 150;
const BATCH = 50;

/** A training step and an input gradient of madry-cnn, batch 100. */
export const torch = () =>
  inFolder(async (folder) => {
    const python = await torchPython();
    const found = await inTurn({
      ours: (i) => node(['madry-cnn.mjs'], { MARGINALIA_CACHE: join(folder, `${i}`) }),
      peer: () => printed(python, [script('madry_cnn.py')]),
    });
    printBesideTorch('madry-cnn-step', found, 'step');
    printBesideTorch('madry-cnn-gradient', found, 'gradient');
  });

/** PGD training of madry-cnn: a step, over the first 150 of 1,500, and how good all of them make the net. */
export const pgdTraining = () =>
  withDigits('train', BATCH * TRAINING_STEPS, async ({ python, folder, digits }) => {
    const steps = `${TRAINING_STEPS}`;
    const found = await inTurn({
      ours: (i) =>
        node(['pgd-training.mjs', 'steps', steps], { MARGINALIA_CACHE: join(folder, `${i}`) }),
      peer: () => printed(python, [script('pgd_training.py'), digits]),
    });
    printBesideTorch('pgd-training-step', found, 'step');
    const { clean, attacked, images } = await node(['pgd-training.mjs', 'accuracy']);
    print({ figure: 'pgd-training-clean', limit_at_least: 0.975, ours: round(clean) });
    print({ figure: 'pgd-training-attacked', limit_at_least: 0.84, ours: round(attacked), images });
  });

/** PGD-40 with the same weights: every step on every image, and until success, beside Foolbox,
 *  torchattacks and ART. Once more, for information, on the net that `pgd-training` left in the cache. */
export const pgd = () =>
  withModels(IMAGES, async ({ python, folder, digits }) => {
    for (const model of ['natural', 'pgd-trained']) {
      const weights = join(folder, `${model}.safetensors`);
      if (!existsSync(weights)) continue;
      /** @param {Ours} mode */
      const ours = (mode) => (/** @type {number} */ seed) =>
        node(['pgd.mjs', mode, weights, `${IMAGES}`, `${seed}`, ...RADII]);
      /** @param {Peer} library */
      const peer = (library) => () =>
        printed(python, [script('pgd.py'), library, weights, digits, ...RADII]);
      const found = await inTurn(
        {
          'every-step': ours('every-step'),
          'until-success': ours('until-success'),
          Foolbox: peer('Foolbox'),
          torchattacks: peer('torchattacks'),
          ART: peer('ART'),
        },
        model === 'natural' ? RUNS : 1,
      );
      for (const eps of RADII) printPgd(model, eps, found);
    }
  });

/** One line for each way of ours, beside the peer of the smallest median. Success is the mean share.
 *  @param {string} model @param {typeof RADII[number]} eps
 *  @param {{ readonly [name in Ours | Peer]: { [eps: string]: { seconds: number, success: number } }[] }} found */
function printPgd(model, eps, found) {
  /** @param {Ours | Peer} name @param {'seconds' | 'success'} what */
  const read = (name, what) => found[name].map((one) => one[eps]?.[what] ?? Number.NaN);
  /** @param {Ours | Peer} name */
  const success = (name) => round(mean(read(name, 'success')));
  const times = PEERS.map((name) => ({ name, ...summary(read(name, 'seconds')) }));
  const peer = times.reduce((a, b) => (b.median < a.median ? b : a)).name;
  for (const mode of OURS) {
    print({
      figure: `pgd-40-${mode}`,
      model,
      eps: Number(eps),
      unit: 's',
      peer_name: peer,
      ...(model === 'natural' && { limit_ratio: LIMITS[mode][eps] }),
      ...compared({ ours: read(mode, 'seconds'), peer: read(peer, 'seconds') }),
      peers: times,
      success: Object.fromEntries([
        ['ours', success(mode)],
        ...PEERS.map((name) => [name, success(name)]),
      ]),
    });
  }
}

/** @param {string} figure
 *  @param {{ readonly ours: { [what: string]: number }[], readonly peer: { [what: string]: number }[] }} found
 *  @param {string} what */
function printBesideTorch(figure, found, what) {
  /** @param {{ [what: string]: number }[]} rounds */
  const read = (rounds) => rounds.map((one) => one[what] ?? Number.NaN);
  const values = { ours: read(found.ours), peer: read(found.peer) };
  print({ figure, unit: 'ms', peer_name: 'PyTorch', limit_ratio: 1.1, ...compared(values) });
}
