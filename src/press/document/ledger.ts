import { LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { FILTER_FORMS, parseFilter } from './format-number.js';
import type { Ledger } from './types.js';

/** Reads a ledger of claims and checks its form. `path` is for messages.
 *  Throws a UserError with the line of the first mistake. */
export function parseLedger(yamlText: string, path: string): Ledger {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [reason = ''] = broken.message.split('\n');
    throw new UserError(`expected YAML, got text that does not read so: ${reason}`, {
      where: { file: path, line: lines.linePos(broken.pos[0]).line },
      hint: 'Look at the indent and at colons and quotes in this line.',
    });
  }
  const result = ledger.safeParse(document.toJS());
  if (result.success) {
    const claims = result.data.claims.map((entry, index) => ({
      ...entry,
      line: lineOf(document, ['claims', index], lines),
    }));
    return { path, ...result.data, claims } as Ledger;
  }
  const issue = firstIssue(result.error.issues);
  throw new UserError(`${describePath(document, issue.path)}: ${issue.message}`, {
    where: { file: path, line: lineOf(document, issue.path, lines) },
    hint: 'CONTRIBUTING says what a claim of the ledger looks like.',
  });
}

const rule = z
  .strictObject({
    value: z.string().min(1),
    op: z.enum(['>=', '<=', 'within']),
    than: z.union([z.number(), z.string().min(1)]),
    tolerance: z.number().positive().optional(),
    as: z
      .string()
      .refine((text) => parseFilter(text) !== null, `expected a filter: ${FILTER_FORMS}`)
      .optional(),
  })
  .superRefine(({ op, tolerance }, context) => {
    if ((op === 'within') !== (tolerance !== undefined)) {
      const got = tolerance === undefined ? '“within” without one' : `one with “${op}”`;
      context.addIssue(`expected a tolerance with “within” and only there, got ${got}`);
    }
  });

const claim = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected words joined by hyphens'),
    note: z.array(z.strictObject({ file: z.string(), lines: z.string() })),
    paper: z.string().min(1),
    section: z.string(),
    claim: z.string().min(1),
    kind: z.string(),
    tier: z.enum(['core', 'support']),
    says: z.string().optional(),
    setting: z.string().optional(),
    check: z.string().optional(),
    slip: z.string().optional(),
    measured: z.string().optional(),
    rules: z.array(rule).min(1).optional(),
    open: z.string().min(1).optional(),
    history: z
      .array(
        z.strictObject({
          date: z.iso.date('expected a date as 2026-11-21'),
          rules: z.array(rule),
          reason: z.string().min(1),
        }),
      )
      .optional(),
  })
  .superRefine(({ rules, open }, context) => {
    if ((rules === undefined) === (open === undefined)) {
      const got = rules === undefined ? 'neither' : 'both';
      context.addIssue(`expected rules, or the reason why it is open, got ${got}`);
    }
  });

const ledger = z
  .strictObject({ version: z.literal(1), notebook: z.string().min(1), claims: z.array(claim) })
  .superRefine(({ claims }, context) => {
    claims.forEach(({ id }, index) => {
      if (claims.findIndex((other) => other.id === id) === index) return;
      const message = `expected an id of its own, got “${id}” a second time`;
      context.addIssue({ code: 'custom', path: ['claims', index, 'id'], message });
    });
  });

type Path = readonly PropertyKey[];

function firstIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  return issues[0] as z.core.$ZodIssue;
}

/** `claim linear-sign-maximiser, rules.0.op`, so that people find it by name. */
function describePath(document: YamlDocument, path: Path): string {
  const [list, index, ...rest] = path;
  if (list !== 'claims' || index === undefined) return path.join('.') || 'the ledger';
  const id = document.getIn(['claims', index, 'id']);
  const name = typeof id === 'string' ? id : `number ${Number(index) + 1}`;
  return [`claim ${name}`, ...(rest.length > 0 ? [rest.join('.')] : [])].join(', ');
}

/** The line of a path, or of the nearest thing around it that stands in the file. */
function lineOf(document: YamlDocument, path: Path, lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}
