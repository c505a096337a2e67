/** The symbols in the maths of a text: letters, Greek letters and named functions, with the marks that
 *  make another symbol of them. `x^0`, `x'` and `\tilde x` are symbols of their own, `x_i` is x and i. */

const MATHS = /\$\$([\s\S]+?)\$\$|\$([^$\n]+(?:\n[^$\n]+)?)\$/g;
const NO_MATHS = /```[\s\S]*?```|`[^`\n]*`/g;
/** Values of the run, words, and the endings of sizes. */
const NO_SYMBOLS = /\{\{[\s\S]*?\}\}|\\text\{[^}]*\}|\\(?:big|Big)[lr]?\b/g;
const SYMBOL =
  /(\\operatorname\{[a-z]+\}|\\mathbb\{[A-Z]\}|\\tilde [A-Za-z]|\\[A-Za-z]+|[A-Za-z])('|\^\*|\^0|_\d|_\\infty)?/g;

/** What every reader knows, and what only sets the others in place. */
const KNOWN = new Set(
  (
    'le ge ne neq in subseteq pm cdot times approx sim mid partial infty sum sqrt frac tfrac top ldots ' +
    'lVert rVert lvert rvert quad qquad textstyle Rightarrow Longleftrightarrow ' +
    'log ln exp min max arg tanh cos'
  )
    .split(' ')
    .map((name) => `\\${name}`),
);

/** All symbols of a Markdown text. */
export function symbolsOf(markdown: string): Set<string> {
  const found = new Set<string>();
  for (const [, display, inline] of markdown.replace(NO_MATHS, '').matchAll(MATHS)) {
    const maths = (display ?? inline ?? '').replace(NO_SYMBOLS, ' ');
    for (const [, base = '', mark = ''] of maths.matchAll(SYMBOL)) {
      if (!KNOWN.has(base)) found.add(`${base}${mark}`);
    }
  }
  return found;
}
