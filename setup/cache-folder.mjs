import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The user's cache folder for marginalia: native libraries, the browser, trained models.
 *  @param {NodeJS.ProcessEnv} env @returns {string} an absolute path; the folder may not exist yet */
export function cacheFolder(env = process.env) {
  if (env.MARGINALIA_CACHE) return resolve(env.MARGINALIA_CACHE);
  return resolve(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'marginalia');
}
