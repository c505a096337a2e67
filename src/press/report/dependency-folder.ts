import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of a package that this one stands on: within its own folder, or beside it where npm has
 *  installed both. */
export function dependencyFolder(packageFolder: string, name: string): string {
  const own = join(packageFolder, 'node_modules', name);
  const beside = join(dirname(packageFolder), name);
  return !existsSync(own) && existsSync(beside) ? beside : own;
}
