import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The one file that knows where shipped files lie: templates, fonts, style sheets, bundles. */

const require = createRequire(import.meta.url);
// Sources and built files stand equally deep, so one relative address serves both.
const templates = fileURLToPath(new URL('../../../templates/', import.meta.url));

/** A file below `templates/`, for instance `walkthrough/page.html`. */
export function readTemplate(path: string): Promise<string> {
  return readFile(join(templates, path), 'utf8');
}

/** Path of a file that stands beside the entry point of a package, for instance `vega.min.js`. */
export function besideEntry(name: string, file: string): string {
  return join(dirname(require.resolve(name)), file);
}

/** Path of a file of an installed package, for instance `katex` and `dist/katex.min.css`. */
export function packageFile(name: string, path: string): string {
  const entry = require.resolve(name);
  const folder = join('node_modules', ...name.split('/'));
  return join(entry.slice(0, entry.lastIndexOf(folder) + folder.length), path);
}
