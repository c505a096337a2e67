/** Reads JSON, and says where it breaks. */

import { type Place, UserError } from '../../errors.js';

/** The value of a JSON text. Throws UserError with line and column of the first wrong character. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`expected JSON, got ${describe(text, message)}`, {
      where: { file, ...lineAndColumn(text, breakOffset(text, message)) },
      hint: 'Open the file in a text editor and mend it there, or restore it from version control.',
      cause,
    });
  }
}

function describe(text: string, message: string): string {
  if (text.trim() === '') return 'an empty file';
  if (/^(<{7}|={7}|>{7}) ?/m.test(text)) return 'the marks of an unsolved merge';
  return `"${message.replace(/ in JSON at position.*$/s, '').replace(/, ".*$/s, '')}"`;
}

/** Offset of the first character that no JSON text could have here. The engine names it in most of
 *  its messages. Where it does not, it is where the shortest prefix ends that fails for another
 *  reason than being cut off. */
function breakOffset(text: string, message: string): number {
  const named = /at position (\d+)/.exec(message);
  if (named?.[1] !== undefined) return Number(named[1]);
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isCutOff(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return isCutOff(text) ? text.length : good;
}

/** Whether a text fails only because more should follow. */
function isCutOff(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return true;
  } catch (error) {
    return !/^Unexpected token/.test(error instanceof Error ? error.message : '');
  }
}

function lineAndColumn(text: string, offset: number): Required<Pick<Place, 'line' | 'column'>> {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
