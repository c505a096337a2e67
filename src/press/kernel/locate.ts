/** From a line of the JavaScript that the kernel ran back to the line that the author wrote.
 *
 *  tslab compiles a cell in two steps and keeps no source map. But it keeps statements and their
 *  order, so the author's line is the one that shares most words with the line that failed, and the
 *  nearest one where several do. */

import { createRequire } from 'node:module';

interface Converter {
  convert(declarations: string, source: string): { output?: string; declOutput?: string };
  close(): void;
}

/** The author's line (from 1) in `cells.at(-1)` for a line of its compiled form. `cells` holds the
 *  code of all cells that ran, the failing one last. Undefined when no line matches. */
export function locate(
  cells: readonly string[],
  cwd: string,
  emittedLine: number,
): number | undefined {
  const failing = cells.at(-1) ?? '';
  const emitted = compile(cells, cwd).split('\n');
  const wanted = wordsOf(emitted[emittedLine - 1] ?? '');
  if (wanted.length === 0) return undefined;
  const lines = failing.split('\n');
  const expected = (emittedLine / emitted.length) * lines.length;
  const scored = lines.map((text, index) => {
    const words = wordsOf(text);
    const shared = wanted.filter((word) => words.includes(word)).length;
    const likeness = (2 * shared) / (wanted.length + words.length || 1);
    return { line: index + 1, likeness, distance: Math.abs(index + 1 - expected) };
  });
  scored.sort((a, b) => b.likeness - a.likeness || a.distance - b.distance);
  return scored[0] !== undefined && scored[0].likeness > 0.3 ? scored[0].line : undefined;
}

function compile(cells: readonly string[], cwd: string): string {
  const require = createRequire(import.meta.url);
  const { createConverter } = require('tslab/dist/converter.js') as {
    createConverter(options: { isJS: boolean; isBrowser: boolean; cwd: string }): Converter;
  };
  const converter = createConverter({ isJS: false, isBrowser: false, cwd });
  try {
    let declarations = '';
    let output = '';
    for (const cell of cells) {
      const converted = converter.convert(declarations, cell);
      declarations = converted.declOutput ?? '';
      output = converted.output ?? '';
    }
    return output;
  } finally {
    converter.close();
  }
}

function wordsOf(line: string): string[] {
  const words = line.match(/[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|"[^"]*"/g) ?? [];
  return words.filter((word) => !['exports', 'const', 'let', 'await', 'var'].includes(word));
}
