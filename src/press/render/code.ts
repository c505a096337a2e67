import { cached } from './cached.js';
import { escapeHtml } from './escape.js';
import type { RenderCache } from './options.js';

/** One coloured stretch of a line; `color` is a CSS variable of the theme. */
interface Stretch {
  readonly content: string;
  readonly color?: string;
}

type Tokenize = (source: string) => readonly (readonly Stretch[])[];

// Without a limit of time: a busy machine must print the same page as an idle one.
const OPTIONS = { lang: 'typescript', theme: 'report', tokenizeTimeLimit: 0 };

let tokenizer: Promise<Tokenize> | undefined;

/** Colours TypeScript sources, each once. A line is one `<span class="line">`; colours are classes,
 *  so the page's style sheet decides what they are by day and by night.
 *  @returns HTML of the lines by source. */
export async function highlightAll(
  sources: Iterable<string>,
  cache?: RenderCache,
): Promise<ReadonlyMap<string, string>> {
  const coloured = new Map<string, string>();
  for (const source of new Set(sources)) {
    const html = await cached(cache, ['code', source], async () => {
      tokenizer ??= createTokenizer();
      return toHtml((await tokenizer)(source.replace(/\n+$/, '')));
    });
    coloured.set(source, html);
  }
  return coloured;
}

async function createTokenizer(): Promise<Tokenize> {
  const [{ createHighlighterCore, createCssVariablesTheme }, { createOnigurumaEngine }] =
    await Promise.all([import('shiki/core'), import('shiki/engine/oniguruma')]);
  const theme = createCssVariablesTheme({ name: 'report', variablePrefix: '--code-' });
  const highlighter = await createHighlighterCore({
    themes: [theme],
    langs: [import('shiki/langs/typescript.mjs')],
    // Cold, the WebAssembly engine colours a report's code in half the time of the JavaScript one.
    engine: createOnigurumaEngine(import('shiki/wasm')),
  });
  return (source) => highlighter.codeToTokensBase(source, OPTIONS);
}

function toHtml(lines: readonly (readonly Stretch[])[]): string {
  return lines
    .map((line) => `<span class="line">${line.map(stretchHtml).join('')}\n</span>`)
    .join('');
}

function stretchHtml({ content, color }: Stretch): string {
  const kind = /--code-token-([a-z-]+)/.exec(color ?? '')?.[1];
  const text = escapeHtml(content);
  return kind === undefined ? text : `<span class="c-${kind}">${text}</span>`;
}
