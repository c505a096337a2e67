import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { besideEntry, readTemplate } from './assets.js';

/** The page's own scripts, each to be written into a `<script>` as it is. */
export async function pageScripts(live: boolean): Promise<readonly string[]> {
  const own = await Promise.all(
    ['contents.js', 'copy.js'].map((name) => readTemplate(`scripts/${name}`)),
  );
  if (!live) return own.map(inline);
  const [vega, interpreter, ...figures] = await Promise.all([
    readFile(besideEntry('vega', 'vega.min.js'), 'utf8'),
    readFile(besideEntry('vega-interpreter', 'vega-interpreter.js'), 'utf8'),
    ...['note', 'walk', 'live'].map((name) => readTemplate(`scripts/figures/${name}.js`)),
  ]);
  return [...own, vega, asPlainScript(interpreter), joined(figures)].map(inline);
}

/** Modules of one folder as one script: what one exports the others see. */
function joined(modules: readonly string[]): string {
  const parts = modules.map((module) => module.replace(/^import .*;\n|^export (?=const )/gm, ''));
  return `(() => {\n${parts.join('\n')}})();`;
}

/** The interpreter ships as a module that imports from Vega; on the page it takes the same names from
 *  the global `vega` and leaves `expressionInterpreter` beside it. */
function asPlainScript(module: string): string {
  const script = module
    .replace(/^import \{([^}]*)\} from 'vega-util';/m, 'const {$1} = vega;')
    .replace(
      /^export \{ (\w+) as expressionInterpreter \};/m,
      'window.expressionInterpreter = $1;',
    );
  if (/^(import|export)\b/m.test(script) || !script.includes('window.expressionInterpreter')) {
    throw new Error('the build of vega-interpreter has changed: adapt asPlainScript');
  }
  return `(() => {${script}\n})();`;
}

function inline(script: string): string {
  return script.replace(/^\/\/# sourceMappingURL=.*$/gm, '').replace(/<\/(?=script)/gi, '<\\/');
}

/** What the page may do: draw itself with its own fonts, pictures and exactly these scripts. */
export function contentPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => {
    return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  });
  return [
    "default-src 'none'",
    'img-src data:',
    'font-src data:',
    "style-src 'unsafe-inline'",
    `script-src ${hashes.length === 0 ? "'none'" : hashes.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
