import { readFile } from 'node:fs/promises';
import type { KatexOptions } from 'katex';
import { packageFile } from './assets.js';
import { escapeHtml } from './escape.js';

type MathRenderer = (tex: string, display: boolean) => string;

/** Widest space or rule, em: a formula stays a part of its page. */
const LARGEST_EM = 20;

const OPTIONS: KatexOptions = {
  output: 'htmlAndMathml',
  throwOnError: true,
  strict: 'ignore',
  trust: false,
  maxExpand: 1000,
  maxSize: LARGEST_EM,
};

/** TeX to HTML with MathML beside it. TeX that KaTeX cannot read is shown as it was written. */
export async function createMath(): Promise<MathRenderer> {
  const { default: katex } = await import('katex');
  return (tex, displayMode) => {
    try {
      return katex.renderToString(tex, { ...OPTIONS, displayMode });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `<code class="missing" title="${escapeHtml(reason)}">${escapeHtml(tex)}</code>`;
    }
  };
}

/** KaTeX's style sheet without its `@font-face` rules, which would fetch files. */
export async function mathCss(): Promise<string> {
  const css = await readFile(packageFile('katex', 'dist/katex.min.css'), 'utf8');
  return css.replace(/@font-face\s*\{[^}]*\}/g, '');
}
