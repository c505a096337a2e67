let taken = 0;

/** Runs one step of the set-up. Prints one line when it begins, with how long it usually takes, and one
 *  when it is done, with how long it took: other steps may run beside it.
 *  @template T
 *  @param {string} title @param {string} usual for instance `5 s`
 *  @param {() => Promise<T>} work @returns {Promise<T>} */
export async function step(title, usual, work) {
  taken += 1;
  const start = performance.now();
  process.stderr.write(`${title} (usually ${usual}) …\n`);
  try {
    const result = await work();
    process.stderr.write(`${title}: done in ${seconds(performance.now() - start)}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`${title}: failed after ${seconds(performance.now() - start)}\n`);
    throw error;
  }
}

/** Waits for all of them, also when one fails: what is under way then still comes to its end.
 *  @param {Promise<unknown>[]} works @returns {Promise<void>} throws what the first of them throws */
export async function allOf(...works) {
  const ends = await Promise.allSettled(works);
  const failed = ends.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw /** @type {PromiseRejectedResult} */ (failed).reason;
}

/** @param {number} ms @returns {string} `0.4 s`, `12 s` */
export function seconds(ms) {
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** How many steps this process has run: none means that nothing was to be done.
 *  @returns {number} */
export function stepsTaken() {
  return taken;
}
