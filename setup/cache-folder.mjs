import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The user's cache folder for marginalia: native libraries, the browser, trained models.
 *  @param {NodeJS.ProcessEnv} env @returns {string} an absolute path; the folder may not exist yet */
export function cacheFolder(env = process.env) {
  if (env.MARGINALIA_CACHE) return resolve(env.MARGINALIA_CACHE);
  // The XDG rules say that a relative path there is to be ignored.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'marginalia');
  return join(homedir(), '.cache', 'marginalia');
}
