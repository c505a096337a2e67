import { findBrowser } from './browser.mjs';
import { doctor } from './doctor.mjs';

/** What the commands get from the set-up, which stands outside of `dist`.
 *  @param {{root: string, cache: string}} where
 *  @returns {{findBrowser: () => Promise<import('./browser.mjs').BrowserFinding>, doctor: () => Promise<number>}} */
export function setupEffects(where) {
  return { findBrowser: () => findBrowser(where), doctor: () => doctor(where) };
}
