/** Attacks that look for near points, beside those of other libraries: same net, same images. */

import { join } from 'node:path';
import { compared, inTurn, mean, print, printed, round, summary } from './measure.mjs';
import { node, script, withModels } from './with-digits.mjs';

/** @typedef {'seconds' | 'success' | 'mean' | 'median'} What */
/** @typedef {{ [name: string]: { [what in What]: number }[] }} Found */
/** @typedef {{ readonly images: number, readonly rounds: number }} Size */

/** Without torchattacks, which left seven of ten digits in their class and takes a minute for them. */
export const deepFool = () => {
  const peers = ['Foolbox', 'ART', 'adversarial-library'];
  return besideFastest('deep-fool', 0.5, peers, { images: 50, rounds: 3 });
};

/** Towards the class after that of the image, which is what torchattacks' JSMA does. */
export const jsma = () => besideFastest('jsma', 0.2, ['torchattacks'], { images: 50, rounds: 3 });

/** The L2 attack without targets: our schedule, and the paper's, of 9 searches with 1,000 steps, which
 *  the peers have. Once each: a peer takes minutes. */
export async function carliniWagner() {
  const limits = { 'carlini-wagner': 0.12, 'carlini-wagner-paper': 0.8 };
  const peers = ['Foolbox', 'adversarial-library'];
  const size = { images: 100, rounds: 1 };
  const found = await measured(Object.keys(limits), 'carlini-wagner', peers, size);
  for (const [figure, limit] of Object.entries(limits)) {
    printBeside('Foolbox', figure, limit, peers, found, size);
  }
}

/** Beside the fastest peer of those with the highest success.
 *  @param {string} attack @param {number} limit @param {string[]} peers @param {Size} size */
async function besideFastest(attack, limit, peers, size) {
  const found = await measured([attack], attack, peers, size);
  const success = (/** @type {string} */ name) => quality(name, found).success;
  const highest = Math.max(...peers.map(success));
  const time = (/** @type {string} */ name) => summary(read(name, 'seconds', found)).median;
  const best = peers.filter((name) => success(name) === highest);
  const fastest = best.reduce((a, b) => (time(b) < time(a) ? b : a));
  printBeside(fastest, attack, limit, peers, found, size);
}

/** Ours and the peers', in turn, with the same weights of madry-cnn.
 *  @param {string[]} ours @param {string} attack @param {string[]} peers @param {Size} size
 *  @returns {Promise<Found>} */
async function measured(ours, attack, peers, { images, rounds }) {
  /** @type {Found} */
  let found = {};
  await withModels(images, async ({ python, folder, digits }) => {
    const weights = join(folder, 'natural.safetensors');
    /** @type {{ [name: string]: () => Promise<{ [what in What]: number }> }} */
    const runners = {};
    for (const name of ours)
      runners[name] = () => node(['nearest.mjs', name, weights, `${images}`]);
    for (const name of peers) {
      runners[name] = () => printed(python, [script('nearest.py'), name, attack, weights, digits]);
    }
    found = await inTurn(runners, rounds);
  });
  return found;
}

/** One line: the time beside one peer's, and what all of them found. Distances are of the fooled images:
 *  pixels of JSMA, ‖δ‖₂ of the others.
 *  @param {string} peer @param {string} ours @param {number} limit @param {string[]} peers
 *  @param {Found} found @param {Size} size */
function printBeside(peer, ours, limit, peers, found, { images }) {
  /** @param {string} name */
  const seconds = (name) => read(name, 'seconds', found);
  print({
    figure: ours,
    unit: 's',
    images,
    peer_name: peer,
    limit_ratio: limit,
    ...compared({ ours: seconds(ours), peer: seconds(peer) }),
    found: quality(ours, found),
    peers: peers.map((name) => ({
      name,
      ...summary(seconds(name)),
      found: quality(name, found),
    })),
  });
}

/** Share of fooled images, and their distances.
 *  @param {string} name @param {Found} found */
function quality(name, found) {
  /** @param {What} what */
  const average = (what) => round(mean(read(name, what, found)));
  return { success: average('success'), mean: average('mean'), median: average('median') };
}

/** @param {string} name @param {What} what @param {Found} found */
function read(name, what, found) {
  return (found[name] ?? []).map((one) => one[what]);
}
