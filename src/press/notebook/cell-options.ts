/** What the head of a code cell and its tags say about how the cell runs and prints. */

import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Place, Problem } from '../../errors.js';
import type { CellOptions, CodeCell } from './types.js';

interface CellReading {
  readonly options: CellOptions;
  /** The source without its option lines. */
  readonly code: string;
  /** Line of the source on which `code` starts, from 1. */
  readonly codeStartLine: number;
  readonly problems: readonly Problem[];
}

const defaults: CellOptions = {
  width: 'text',
  echo: true,
  output: true,
  include: true,
  fold: 'fold',
  warning: true,
  raisesException: false,
  skipExecution: false,
};

/** What each tag changes: *hide* folds, *remove* deletes. Outputs have no fold, so `hide-output`
 *  removes them. A solution is folded as a whole, so its code is not folded once more; the code of an
 *  exercise is what the reader starts from. */
const byTag = new Map<string, Partial<CellOptions>>(
  Object.entries({
    'hide-input': { fold: 'fold' },
    'hide-output': { output: false },
    'remove-cell': { include: false },
    'remove-input': { echo: false },
    'remove-output': { output: false },
    'skip-execution': { skipExecution: true },
    'raises-exception': { raisesException: true },
    exercise: { fold: 'none' },
    solution: { fold: 'none' },
  }),
);

const text = z.union([z.string(), z.number().transform(String)]);
const flag = z.boolean();

/** What each option line changes; the names are Quarto's. */
const byOption = new Map<string, z.ZodType<Partial<CellOptions>>>(
  Object.entries({
    label: text.transform((label) => ({ label })),
    'code-summary': text.transform((summary) => ({ summary })),
    'fig-cap': text.transform((caption) => ({ caption })),
    'tbl-cap': text.transform((caption) => ({ caption })),
    'fig-subcap': z.array(text).transform((partCaptions) => ({ partCaptions })),
    'fig-alt': z.union([
      text.transform((alt) => ({ alt })),
      z.array(text).transform((partAlts) => ({ partAlts })),
    ]),
    column: z.enum(['body', 'page']).transform((column) => ({
      width: column === 'page' ? ('wide' as const) : ('text' as const),
    })),
    echo: flag.transform((echo) => ({ echo })),
    output: flag.transform((output) => ({ output })),
    include: flag.transform((include) => ({ include })),
    warning: flag.transform((warning) => ({ warning })),
    'code-fold': z
      .union([flag, z.literal('show')])
      .transform((fold) => ({ fold: fold === 'show' ? fold : fold ? 'fold' : 'none' }) as const),
  }),
);

const OPTION_LINE = /^\/\/ ?\|(.*)$/;

/** Reads the `//| key: value` lines at the head of a cell as YAML and merges them over its tags.
 *  `where` names the cell; problems add the line. Mistakes never stop the reading. */
export function cellOptions(cell: CodeCell, where: Place): CellReading {
  const lines = cell.source.split('\n');
  const end = lines.findIndex((line) => !OPTION_LINE.test(line));
  const head = lines.slice(0, end === -1 ? lines.length : end);
  const { changes, problems } = readHead(head, where);
  const tagged = (cell.metadata.tags ?? []).map((tag) => byTag.get(tag.replaceAll('_', '-')));
  return {
    options: Object.assign({}, defaults, ...tagged, ...changes),
    code: lines.slice(head.length).join('\n'),
    codeStartLine: head.length + 1,
    problems,
  };
}

interface HeadReading {
  readonly changes: readonly Partial<CellOptions>[];
  readonly problems: readonly Problem[];
}

function readHead(head: readonly string[], where: Place): HeadReading {
  if (head.length === 0) return { changes: [], problems: [] };
  const yaml = head.map((line) => OPTION_LINE.exec(line)?.[1]?.replace(/^ /, '')).join('\n');
  const document = parseDocument(yaml);
  const broken = document.errors[0];
  const entries: unknown = broken === undefined ? document.toJS() : null;
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) {
    const got = broken?.message.split(/ at line|\n/)[0] ?? 'no key';
    return {
      changes: [],
      problems: [notYaml(got, { ...where, line: broken?.linePos?.[0].line ?? 1 })],
    };
  }
  const changes: Partial<CellOptions>[] = [];
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(entries)) {
    const read = byOption.get(key)?.safeParse(value);
    if (read?.success) changes.push(read.data);
    else problems.push(badOption(key, value, { ...where, line: lineOf(key, head) }));
  }
  return { changes, problems };
}

const lineOf = (key: string, head: readonly string[]): number =>
  head.findIndex((line) => OPTION_LINE.exec(line)?.[1]?.trimStart().startsWith(`${key}:`)) + 1 || 1;

function notYaml(got: string, where: Place): Problem {
  return {
    rule: 'cell-options-are-yaml',
    severity: 'error',
    where,
    message: `expected option lines such as "//| label: fig-growth", got ${got}`,
    hint: 'Put text with a colon, a quote or a brace in quotation marks.',
  };
}

function badOption(key: string, value: unknown, where: Place): Problem {
  if (byOption.has(key)) {
    return {
      rule: 'cell-option-is-valid',
      severity: 'error',
      where,
      message: `expected another value for ${key}, got ${JSON.stringify(value)}`,
      hint: 'Texts stand in quotation marks, switches are true or false.',
    };
  }
  return {
    rule: 'cell-option-is-known',
    severity: 'warning',
    where,
    message: `expected a known cell option, got "${key}"`,
    hint: `There are ${[...byOption.keys()].join(', ')}.`,
  };
}
