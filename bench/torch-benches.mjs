/** The lab beside PyTorch, and beside the attack libraries that stand on it: same net, same images. */

import { join } from 'node:path';
import {
  compared,
  inFolder,
  inTurn,
  mean,
  print,
  printed,
  root,
  round,
  run,
  summary,
} from './measure.mjs';
import { torchPython } from './peers.mjs';

const RADII = /** @type {const} */ (['0.3', '0.1']);
const OURS = /** @type {const} */ (['every-step', 'until-success']);
const PEERS = /** @type {const} */ (['Foolbox', 'torchattacks', 'ART']);
/** @typedef {typeof OURS[number]} Ours @typedef {typeof PEERS[number]} Peer */

/** Of the time of the fastest peer. Every peer makes every step on every image. */
const LIMITS = {
  'every-step': { 0.3: 1.1, 0.1: 1.1 },
  'until-success': { 0.3: 0.5, 0.1: 0.8 },
};

const IMAGES = '500';

/** @param {string} name */
const script = (name) => join(root, 'bench', name);

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
const node = ([name = '', ...args], env) => printed(process.execPath, [script(name), ...args], env);

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

/** PGD-40 with the same weights: every step on every image, and until success, beside Foolbox,
 *  torchattacks and ART. */
export const pgd = () =>
  inFolder(async (folder) => {
    const python = await torchPython();
    const digits = join(folder, 'digits.safetensors');
    await run(process.execPath, [script('digits.mjs'), 'test', IMAGES, digits]);
    await run(process.execPath, [script('pgd-models.mjs'), folder]);
    const weights = join(folder, 'natural.safetensors');
    /** @param {Ours} mode */
    const ours = (mode) => (/** @type {number} */ seed) =>
      node(['pgd.mjs', mode, weights, IMAGES, `${seed}`, ...RADII]);
    /** @param {Peer} library */
    const peer = (library) => () =>
      printed(python, [script('pgd.py'), library, weights, digits, ...RADII]);
    const found = await inTurn({
      'every-step': ours('every-step'),
      'until-success': ours('until-success'),
      Foolbox: peer('Foolbox'),
      torchattacks: peer('torchattacks'),
      ART: peer('ART'),
    });
    for (const eps of RADII) printPgd(eps, found);
  });

/** One line for each way of ours, beside the peer of the smallest median. Success is the mean share.
 *  @param {typeof RADII[number]} eps
 *  @param {{ readonly [name in Ours | Peer]: { [eps: string]: { seconds: number, success: number } }[] }} found */
function printPgd(eps, found) {
  /** @param {Ours | Peer} name @param {'seconds' | 'success'} what */
  const read = (name, what) => found[name].map((one) => one[eps]?.[what] ?? Number.NaN);
  /** @param {Ours | Peer} name */
  const success = (name) => round(mean(read(name, 'success')));
  const times = PEERS.map((name) => ({ name, ...summary(read(name, 'seconds')) }));
  const peer = times.reduce((a, b) => (b.median < a.median ? b : a)).name;
  for (const mode of OURS) {
    print({
      figure: `pgd-40-${mode}`,
      eps: Number(eps),
      unit: 's',
      peer_name: peer,
      limit_ratio: LIMITS[mode][eps],
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
