import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Whether this project is itself a package that npm has installed.
 *  @param {string} root @returns {boolean} */
export function isInstalled(root) {
  return basename(dirname(root)) === 'node_modules';
}

/** The folder of a package that this project stands on: within its own folder, or beside it where npm
 *  has installed both.
 *  @param {string} root the project's folder @param {string} name @returns {string} */
export function packageFolder(root, name) {
  const own = join(root, 'node_modules', name);
  return isInstalled(root) && !existsSync(own) ? join(dirname(root), name) : own;
}
