import { z } from 'zod';
import { METADATA_KEY, type Published } from '../../mime.js';
import type { DisplayOutput, Output } from '../notebook/types.js';

/** What a cell says with an output besides its MIME data: read, absent, or not in our form. */
export type PublishedReading =
  | { readonly state: 'read'; readonly published: Published; readonly output: DisplayOutput }
  | { readonly state: 'absent' }
  | { readonly state: 'wrong'; readonly reason: string };

/** Reads our metadata of an output. A notebook may come from anywhere, so its form is checked. */
export function readPublished(output: Output): PublishedReading {
  if (output.output_type !== 'display_data') return { state: 'absent' };
  const metadata = output.metadata[METADATA_KEY];
  if (metadata === undefined) return { state: 'absent' };
  const result = published.safeParse(metadata);
  if (result.success) return { state: 'read', published: result.data as Published, output };
  const [issue] = result.error.issues;
  return { state: 'wrong', reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}

const count = z.int().nonnegative();
const columns = z.array(
  z.object({
    key: z.string(),
    title: z.string(),
    unit: z.string().optional(),
    format: z.discriminatedUnion('as', [
      z.object({ as: z.literal('text') }),
      z.object({ as: z.literal('integer') }),
      z.object({ as: z.literal('fixed'), digits: count.max(12) }),
      z.object({ as: z.literal('percent'), digits: count.max(12) }),
    ]),
  }),
);

const gridImage = z.object({
  png: z.string().regex(/^[A-Za-z0-9+/=\n]*$/, 'expected base64'),
  width: count,
  height: count,
  above: z.string().optional(),
  below: z.string().optional(),
  wrong: z.boolean().optional(),
});

const published = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('value'),
    name: z.string().min(1),
    value: z.number(),
    unit: z.string().optional(),
    interval: z.tuple([z.number(), z.number()]).optional(),
    n: count.optional(),
    seeds: count.optional(),
  }),
  z.object({
    kind: z.literal('claim'),
    id: z.string().min(1),
    n: count.optional(),
    seeds: count.optional(),
    reduced: z.string().optional(),
  }),
  z.object({ kind: z.literal('figure') }),
  z.object({
    kind: z.literal('grid'),
    rows: z.array(z.array(gridImage)),
    heads: z.array(z.string()).optional(),
    signs: z.array(z.string()).optional(),
    scale: z.int().min(1).max(64),
  }),
  z.object({
    kind: z.literal('table'),
    columns,
    rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  }),
  z.object({
    kind: z.literal('engine'),
    name: z.string(),
    version: z.string(),
    threads: count,
  }),
  z.object({
    kind: z.literal('source'),
    name: z.string(),
    detail: z.string(),
    sha256: z.string().optional(),
  }),
  z.object({
    kind: z.literal('training'),
    key: z.string(),
    model: z.string(),
    data: z.string(),
    examples: count,
    settings: z.record(z.string(), z.string()),
    seconds: z.number().nonnegative(),
  }),
  z.object({
    kind: z.literal('progress'),
    text: z.string(),
    done: z.number(),
    total: z.number(),
  }),
]);
