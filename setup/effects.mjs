import { findBrowser } from './browser.mjs';
import { doctor } from './doctor.mjs';
import { withLock } from './lock.mjs';

/** What the commands get from the set-up, which stands outside of `dist`.
 *  @param {{root: string, cache: string}} where
 *  @returns {import('../src/cli/setup-effects.js').SetupEffects} */
export function setupEffects(where) {
  return {
    cacheFolder: where.cache,
    findBrowser: () => findBrowser(where),
    withLock,
    doctor: () => doctor(where),
  };
}
