/** nbformat 4.5 as it stands in the file: the parts that the press reads. What it does not read is
 *  kept as it is. */

import { z } from 'zod';
import type { Notebook } from './types.js';

/** Text that the file may hold as one string or as a list of lines. */
const text: z.ZodType<string, string | string[]> = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value : value.join('')));

const record = z.record(z.string(), z.unknown());

/** JSON data stay values; for every other MIME type a list means lines of text. */
const bundle = record.transform((data) =>
  Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [mime, isJson(mime) ? value : joined(value)]),
  ),
);

const isJson = (mime: string): boolean => mime === 'application/json' || mime.endsWith('+json');

function joined(value: unknown): unknown {
  const lines = z.array(z.string()).safeParse(value);
  return lines.success ? lines.data.join('') : value;
}

const executionCount = z.number().int().nullable();

const output = z.discriminatedUnion('output_type', [
  z.object({ output_type: z.literal('stream'), name: z.enum(['stdout', 'stderr']), text }),
  z.object({ output_type: z.literal('display_data'), data: bundle, metadata: record }),
  z.object({
    output_type: z.literal('execute_result'),
    execution_count: executionCount,
    data: bundle,
    metadata: record,
  }),
  z.object({
    output_type: z.literal('error'),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const cellParts = {
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, - and _'),
  metadata: z.looseObject({
    tags: z.array(z.string()).exactOptional(),
    execution: z.record(z.string(), z.string()).exactOptional(),
  }),
  source: text,
};

const attachments = z.record(z.string(), bundle).exactOptional();

const cell = z.discriminatedUnion('cell_type', [
  z.object({
    cell_type: z.literal('markdown'),
    ...cellParts,
    attachments,
  }),
  z.object({ cell_type: z.literal('raw'), ...cellParts, attachments }),
  z.object({
    cell_type: z.literal('code'),
    ...cellParts,
    execution_count: executionCount,
    outputs: z.array(output),
  }),
]);

/** The top of the file, without the format version, which is checked before. */
export const notebookSchema: z.ZodType<Omit<Notebook, 'path'>> = z.object({
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.string(), display_name: z.string() }),
    language_info: record.exactOptional(),
    title: z.string().exactOptional(),
  }),
  cells: z.array(cell),
});
