/** tslab reports a failing cell as text on stderr. Here that text becomes an nbformat error. */

import { stripVTControlCharacters } from 'node:util';
import type { ErrorOutput } from '../notebook/types.js';

export interface CellFailure {
  readonly output: ErrorOutput;
  /** Positions of the writes to stderr that told of it: the error output says the same. */
  readonly writes: readonly number[];
  /** Line and column in the cell's code, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Stack of the JavaScript that the kernel made of the cell. */
  readonly stack?: string;
  /** What to do, where the error itself says so. */
  readonly hint?: string;
}

/** `12:5 - Cannot find name 'x'.` or, in a file that a cell imports, with its name in front. */
const DIAGNOSTIC = /^(?:(\S+) )?(\d+):(\d+) - ([^\n]*)\n?$/;
/** Frame of what calls a cell. */
const CALL = /^ +at (?:sigintHandlersWrap|Script\.runIn)/m;
const LATE = /^(?:UnhandledPromiseRejection|UncaughtException): /;

/** A rejection or exception that nobody caught: tslab logs it and calls the cell done. */
export function lateFailure(errorWrites: readonly string[]): CellFailure | undefined {
  const index = errorWrites.findIndex((text) => LATE.test(text));
  const text = errorWrites[index];
  if (text === undefined) return undefined;
  const { stack, ...failure } = exceptionOf(text.replace(LATE, ''), [index]);
  const hint =
    'A promise or a timer of this cell, or of an earlier one, failed and nothing awaited it: await it in its cell.';
  // Only a stack down to the call of a cell tells that the lines are this cell's.
  return { hint, ...failure, ...(stack !== undefined && CALL.test(stack) ? { stack } : {}) };
}

/** What made the cell fail, from its writes to stderr. */
export function failureOf(errorWrites: readonly string[]): CellFailure {
  const index = errorWrites.findLastIndex((text) => !LATE.test(text));
  const text = errorWrites[index];
  if (text === undefined) return failure('Error', 'the cell failed and did not say why');
  if (DIAGNOSTIC.test(text)) return typeErrorOf(errorWrites);
  return exceptionOf(text.replace(/^unexpected error: /, ''), [index]);
}

/** A failure that the kernel did not tell of: a time limit, an end of the process. */
export function failure(ename: string, evalue: string, details: string[] = []): CellFailure {
  const traceback = [`${ename}: ${evalue}`, ...details];
  return { output: { output_type: 'error', ename, evalue, traceback }, writes: [] };
}

/** The compiler refused the cell before anything of it ran. */
function typeErrorOf(errorWrites: readonly string[]): CellFailure {
  const told = errorWrites.flatMap((text, index) => {
    const match = text.match(DIAGNOSTIC);
    return match === null ? [] : [{ match, index }];
  });
  const [, file, line, column, message = ''] = told[0]?.match ?? [];
  const place = file === undefined ? { line: Number(line), column: Number(column) } : {};
  const evalue = file === undefined ? message : `${message} (${file}, line ${line})`;
  const traceback = told.map(({ match }) => match[0].trimEnd());
  const output: ErrorOutput = { output_type: 'error', ename: 'TypeScriptError', evalue, traceback };
  return { output, writes: told.map(({ index }) => index), ...place };
}

/** V8 puts the failing line of the compiled cell in front: `evalmachine.<anonymous>:4`, the line, a
 *  mark under it, an empty line. */
const EXCERPT = /^\S+:\d+\n.*\n(?:[ \t]*\^*[ \t]*\n)?\n/;
/** Frames of what runs the cell, which are the same for every error. */
const MACHINERY = /^ +at .*(?:[/\\]node_modules[/\\]tslab[/\\]|node:vm:|node:internal)/;

/** Reads what `console.error(error)` prints: `Name: message`, the stack, own properties. */
function exceptionOf(text: string, writes: readonly number[]): CellFailure {
  const told = text.trimEnd().replace(EXCERPT, '');
  const plain = stripVTControlCharacters(told);
  const [head = '', ...frames] = plain.split(/\n(?= +at )/);
  const named = head.match(/^([A-Z][\w.]*)(?: \[\w+\])?(?:: ([\s\S]*))?$/);
  const isError = named !== null && frames.length > 0;
  const traceback = told.split('\n').filter((line) => !MACHINERY.test(line));
  const hint = plain.match(/\n +hint: (['"`])((?:\\.|(?!\1).)*)\1/)?.[2];
  const output: ErrorOutput = {
    output_type: 'error',
    ename: isError ? (named[1] as string) : 'Thrown',
    evalue: isError ? (named[2] ?? '') : head,
    traceback,
  };
  return {
    output,
    writes,
    ...(isError ? { stack: plain } : {}),
    ...(hint === undefined ? {} : { hint: hint.replace(/\\(.)/g, '$1') }),
  };
}
