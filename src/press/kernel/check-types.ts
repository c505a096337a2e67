/** What the kernel's compiler says to each cell, without running any. */

import { createRequire } from 'node:module';
import { loadTypeScript } from './typescript-of-tslab.js';

export interface TypeMistake {
  /** Index of the cell. */
  readonly cell: number;
  /** In the cell's code, from 1; absent when the mistake is in a file that the cell imports. */
  readonly line?: number;
  readonly column?: number;
  /** Without a full stop at its end. */
  readonly message: string;
}

/** Keeps what later cells see of a code without mistakes that itself sees `declarations`. */
export interface TypeMemory {
  recall(code: string, declarations: string): Promise<string | undefined>;
  keep(code: string, declarations: string, declared: string): Promise<void>;
}

export interface TypeChecker {
  /** Compiles the codes of cells in order, each with the declarations of the earlier ones. A cell
   *  with wrong types still declares its names, so that one mistake is told once; after a cell that
   *  does not parse nothing more is known. */
  check(codes: readonly string[], memory: TypeMemory): Promise<TypeMistake[]>;
  close(): void;
}

/** The compiler of a kernel that works in `folder`. It is loaded, which takes a second or two, for
 *  the first cell that `memory` does not know. */
export function typeChecker(folder: string): TypeChecker {
  let converter: Converter | undefined;
  const convert: Converter['convert'] = (declarations, code) => {
    converter ??= openConverter(folder);
    return converter.convert(declarations, code);
  };
  return {
    check: async (codes, memory) => (await mistakesIn(codes, convert, memory)).filter(isFirst),
    close: () => converter?.close(),
  };
}

async function mistakesIn(
  codes: readonly string[],
  convert: Converter['convert'],
  memory: TypeMemory,
): Promise<TypeMistake[]> {
  const mistakes: TypeMistake[] = [];
  let declarations: string | undefined = '';
  for (const [cell, code] of codes.entries()) {
    const known = await memory.recall(code, declarations);
    if (known !== undefined) {
      declarations = known;
      continue;
    }
    const { diagnostics, declOutput } = convert(declarations, code);
    mistakes.push(...joined(diagnostics).map((diagnostic) => mistakeOf(diagnostic, cell)));
    if (declOutput !== undefined) await memory.keep(code, declarations, declOutput);
    declarations = declOutput ?? convert(declarations, forgiven(code, diagnostics)).declOutput;
    if (declarations === undefined) break;
  }
  return mistakes;
}

/** The part of tslab's converter that we call. */
interface Converter {
  convert(
    declarations: string,
    code: string,
  ): { readonly diagnostics: readonly Diagnostic[]; readonly declOutput?: string };
  close(): void;
}

interface Diagnostic {
  /** From 0. */
  readonly start: { readonly line: number; readonly character: number };
  readonly messageText: string;
  /** A file that the cell imports. */
  readonly fileName?: string;
}

/** The converter works in the folder in which it is made, which the compiler tells. */
function openConverter(folder: string): Converter {
  const { sys } = loadTypeScript();
  const usual = sys.getCurrentDirectory;
  sys.getCurrentDirectory = () => folder;
  try {
    return createRequire(import.meta.url)('tslab/dist/converter.js').createConverter();
  } finally {
    sys.getCurrentDirectory = usual;
  }
}

/** tslab takes the sentences of one message apart. */
function joined(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const whole: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const last = whole.at(-1);
    if (last !== undefined && samePlace(last, diagnostic)) {
      const messageText = `${last.messageText} ${diagnostic.messageText}`;
      whole[whole.length - 1] = { ...last, messageText };
    } else whole.push(diagnostic);
  }
  return whole;
}

/** Only the first sentence names its file. */
function samePlace({ start: a }: Diagnostic, { start: b, fileName }: Diagnostic): boolean {
  return fileName === undefined && a.line === b.line && a.character === b.character;
}

function mistakeOf({ start, messageText, fileName }: Diagnostic, cell: number): TypeMistake {
  const message = messageText.replace(/\.$/, '');
  if (fileName !== undefined) {
    return { cell, message: `${message} (${fileName}, line ${start.line + 1})` };
  }
  return { cell, line: start.line + 1, column: start.character + 1, message };
}

/** The code with a comment above each wrong line that makes the compiler pass over it. */
function forgiven(code: string, diagnostics: readonly Diagnostic[]): string {
  const wrong = new Set(diagnostics.map(({ start }) => start.line));
  return code
    .split('\n')
    .map((line, index) => (wrong.has(index) ? `// @ts-ignore\n${line}` : line))
    .join('\n');
}

/** A file with a mistake is told by every cell that sees it. */
function isFirst(mistake: TypeMistake, index: number, all: readonly TypeMistake[]): boolean {
  if (mistake.line !== undefined) return true;
  return all.findIndex(({ message }) => message === mistake.message) === index;
}
