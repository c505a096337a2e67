let taken = 0;

/** Runs one step of the set-up and prints one line for it: what, how long it took, how long it
 *  usually takes. The first half of the line stands while the step runs.
 *  @template T
 *  @param {string} title @param {string} usual for instance `5 s`
 *  @param {() => Promise<T>} work @returns {Promise<T>} */
export async function step(title, usual, work) {
  taken += 1;
  const start = performance.now();
  process.stderr.write(`${title} (usually ${usual}) … `);
  try {
    const result = await work();
    process.stderr.write(`${seconds(performance.now() - start)}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`failed after ${seconds(performance.now() - start)}\n`);
    throw error;
  }
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
