/** A whole text that is one formula, in any delimiters that kernels write. */
const FORMULAS = [
  /^\$\$([^$]*)\$\$$/,
  /^\$([^$]*)\$$/,
  /^\\\[([\s\S]*)\\\]$/,
  /^\\\(([\s\S]*)\\\)$/,
  /^(\\begin\{[\s\S]*)$/,
];

/** LaTeX as kernels write it, in our Markdown: one formula, or text with formulas in dollars. */
export function latexMarkdown(latex: string): string {
  const text = latex.trim();
  for (const formula of FORMULAS) {
    const tex = formula.exec(text)?.[1];
    if (tex !== undefined) return `$$\n${tex.trim()}\n$$`;
  }
  return text;
}
