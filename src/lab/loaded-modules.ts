import { createRequire } from 'node:module';

/** What the modules export that this process has loaded from such files, wherever they are installed. */
export function loadedModules(file: RegExp): unknown[] {
  const modules = Object.entries(createRequire(import.meta.url).cache);
  return modules.flatMap(([path, module]) => (module && file.test(path) ? [module.exports] : []));
}
