/** tslab reports a failing cell as text on stderr. Here that text becomes an nbformat error. */

import { stripVTControlCharacters } from 'node:util';
import type { ErrorOutput } from '../notebook/types.js';

export interface CellFailure {
  readonly output: ErrorOutput;
  /** How many of the last writes to stderr told of it. */
  readonly writes: number;
  /** Line and column in the cell's code, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Line and column in the JavaScript that the kernel made of the cell. */
  readonly emitted?: { readonly line: number; readonly column: number };
  /** What to do, where the error itself says so. */
  readonly hint?: string;
}

/** `12:5 - Cannot find name 'x'.` or, in a file that a cell imports, with its name in front. */
const DIAGNOSTIC = /^(?:(\S+) )?(\d+):(\d+) - ([^\n]*)\n?$/;
const LATE = /^(?:UnhandledPromiseRejection|UncaughtException): /;
const EMITTED = /evalmachine\.<anonymous>:(\d+)(?::(\d+))?/;

/** A rejection or exception that nobody caught: tslab logs it and calls the cell done. */
export function lateFailure(errorWrites: readonly string[]): CellFailure | undefined {
  const index = errorWrites.findIndex((text) => LATE.test(text));
  if (index < 0) return undefined;
  const text = (errorWrites[index] as string).replace(LATE, '');
  return { ...exceptionOf(text), writes: errorWrites.length - index };
}

/** What made the cell fail, from its last writes to stderr. */
export function failureOf(errorWrites: readonly string[]): CellFailure {
  const diagnostics = lastDiagnostics(errorWrites);
  if (diagnostics.length > 0) return typeErrorOf(diagnostics);
  return exceptionOf(errorWrites.at(-1) ?? 'the cell failed and did not say why');
}

function lastDiagnostics(errorWrites: readonly string[]): RegExpMatchArray[] {
  const found: RegExpMatchArray[] = [];
  for (const text of errorWrites.toReversed()) {
    const match = stripVTControlCharacters(text).match(DIAGNOSTIC);
    if (match === null) break;
    found.unshift(match);
  }
  return found;
}

function typeErrorOf(diagnostics: readonly RegExpMatchArray[]): CellFailure {
  const [, file, line, column, message = ''] = diagnostics[0] as RegExpMatchArray;
  const traceback = diagnostics.map(([text]) => text.trimEnd());
  const place = file === undefined ? { line: Number(line), column: Number(column) } : {};
  const evalue = file === undefined ? message : `${message} (${file}, line ${line})`;
  const output: ErrorOutput = { output_type: 'error', ename: 'TypeScriptError', evalue, traceback };
  return { output, writes: diagnostics.length, ...place };
}

/** Reads what `console.error(error)` prints: `Name: message`, the stack, own properties. */
function exceptionOf(text: string): CellFailure {
  const plain = stripVTControlCharacters(text).trimEnd();
  const head = plain.split(/\n\s+at /)[0] as string;
  const [, name, message] =
    head.match(
      /^(?:evalmachine.*\n[\s\S]*?\n\n)?(?:Uncaught )?([A-Za-z]\w*(?: \[\w+\])?): ([\s\S]*)$/,
    ) ?? [];
  const output: ErrorOutput = {
    output_type: 'error',
    ename: name ?? 'Error',
    evalue: (message ?? head).trim(),
    traceback: text.trimEnd().split('\n'),
  };
  const emitted = plain.match(EMITTED);
  const hint = plain.match(/\n\s+hint: (['"`])((?:\\.|(?!\1).)*)\1/);
  return {
    output,
    writes: 1,
    ...(emitted === null
      ? {}
      : { emitted: { line: Number(emitted[1]), column: Number(emitted[2] ?? 1) } }),
    ...(hint?.[2] === undefined ? {} : { hint: hint[2].replace(/\\(.)/g, '$1') }),
  };
}
