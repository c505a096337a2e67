import type { CodeCell } from '../notebook/types.js';
import { setExercises } from './exercises.js';
import { type Fillings, fill } from './fill.js';
import { composeOutputs, type OutputContext } from './outputs.js';
import { plainText } from './plain-text.js';
import type { CodePart, MarkdownPart, Part } from './read-cells.js';
import type { SourceToken } from './source-token.js';
import type { Block, CodeBlock } from './types.js';

/** The blocks of the page in the order of the notebook. */
export function composeBlocks(parts: readonly Part[], context: OutputContext): Block[] {
  return setExercises(
    parts.map((part) => ({ role: part.role, blocks: composePart(part, context) })),
  );
}

function composePart(part: Part, context: OutputContext): Block[] {
  return part.kind === 'markdown'
    ? composeMarkdown(part, context.fillings)
    : [...composeCode(part), ...composeOutputs(part, context)];
}

/** Divides the tokens of a cell at its headings and placeholders. */
function composeMarkdown({ tokens, where }: MarkdownPart, fillings: Fillings): Block[] {
  const blocks: Block[] = [];
  let prose: SourceToken[] = [];
  const endProse = (): void => {
    if (prose.length > 0) blocks.push({ kind: 'prose', tokens: fill(prose, where, fillings) });
    prose = [];
  };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as SourceToken;
    const heading = fillings.numbering.headings.get(token);
    if (heading !== undefined) {
      endProse();
      const inline = fill(tokens[index + 1]?.children ?? [], where, fillings);
      blocks.push({ kind: 'heading', ...heading, text: plainText(inline), tokens: inline });
      index += 2;
    } else if (token.type === 'placeholder') {
      endProse();
      blocks.push({ kind: token.info === 'claims' ? 'claims-table' : 'references' });
    } else prose.push(token);
  }
  endProse();
  return blocks;
}

function composeCode({ cell, options, code }: CodePart): CodeBlock[] {
  if (!options.include || !options.echo || code.trim() === '') return [];
  const seconds = wallClock(cell);
  return [
    {
      kind: 'code',
      id: `cell-${cell.id}`,
      source: code,
      language: 'typescript',
      fold: options.fold,
      summary: options.summary ?? options.label ?? 'Code',
      ...(seconds !== null && { seconds }),
    },
  ];
}

/** Seconds between the kernel's busy and idle, to a hundredth; null for a cell that did not run. */
function wallClock({ metadata }: CodeCell): number | null {
  const { execution } = metadata;
  const start = Date.parse(
    execution?.['iopub.status.busy'] ?? execution?.['iopub.execute_input'] ?? '',
  );
  const end = Date.parse(
    execution?.['iopub.status.idle'] ?? execution?.['shell.execute_reply'] ?? '',
  );
  return end >= start ? Math.round((end - start) / 10) / 100 : null;
}
