/** A page of docs/: its TypeScript blocks run from first to last on the real kernel, as a reader's
 *  cells do, and what each one prints stands below it in a block of text. */

import { resolve } from 'node:path';
import { executeNotebook } from '../../src/press/kernel/execute.js';
import type { CodeCell } from '../../src/press/notebook/types.js';
import { notebookOf } from '../press/kernel/notebook-of.js';

/** A block of code, the text below it, and what lies between. */
const EXAMPLE = /^```ts\n([\s\S]*?)^```\n(?:\n```text\n[\s\S]*?^```\n)?/gm;

/** The page with what its examples print. `cwd`: the folder that they run in; `skip`: blocks that
 *  are no examples hold this text. Throws UserError for the first example that fails. */
export async function withOutputs(page: string, cwd: string, skip: string): Promise<string> {
  const isExample = (code: string): boolean => !code.includes(skip);
  const codes = [...page.matchAll(EXAMPLE)].map(([, code = '']) => code).filter(isExample);
  const { notebook, failure } = await executeNotebook(notebookOf(...codes), { cwd: resolve(cwd) });
  if (failure !== null) throw failure;
  const printed = (notebook.cells as CodeCell[]).map(({ outputs }) =>
    outputs.map((output) => (output.output_type === 'stream' ? output.text : '')).join(''),
  );
  return page.replace(EXAMPLE, (whole, code: string) => {
    if (!isExample(code)) return whole;
    const text = printed.shift() ?? '';
    return `\`\`\`ts\n${code}\`\`\`\n${text === '' ? '' : `\n\`\`\`text\n${text}\`\`\`\n`}`;
  });
}

/** The page with these lines between its marks `<!-- name: … -->` and `<!-- end of name -->`. */
export function withPart(page: string, name: string, lines: readonly string[]): string {
  const part = new RegExp(`(<!-- ${name}: [^\\n]* -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
  if (!part.test(page)) throw new Error(`expected marks for ${name}, got none`);
  return page.replace(part, (_, start, end) => `${start}\n${lines.join('\n')}\n\n${end}`);
}
