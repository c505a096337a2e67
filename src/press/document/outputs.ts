import type { Output } from '../notebook/types.js';
import { bundleBlocks } from './bundle.js';
import { composeExhibit, publishedAt } from './exhibit-blocks.js';
import type { Fillings } from './fill.js';
import type { CodePart } from './read-cells.js';
import { shortened } from './shortened.js';
import type { Block, ClaimView } from './types.js';

export interface OutputContext {
  readonly fillings: Fillings;
  readonly claims: ReadonlyMap<string, ClaimView>;
  /** Claims whose box stands in the page already: the first cell that publishes one has it. */
  readonly boxed: Set<string>;
}

/** What a cell shows: figures, tables and claims of our own, then anything else it displayed or
 *  wrote. Values, the engine and sources are not blocks. */
export function composeOutputs(part: CodePart, context: OutputContext): Block[] {
  if (!part.options.include || !part.options.output) return [];
  const blocks = part.cell.outputs.flatMap((output, index) => {
    const exhibit = part.exhibits.find((candidate) => candidate.output === index);
    const published = publishedAt(index, part);
    if (exhibit !== undefined) return composeExhibit(exhibit, part, context.fillings);
    if (part.exhibits.some(({ parts }) => parts?.some((plot) => plot.output === index))) return [];
    if (published?.kind === 'claim') return claimBlock(published.id, context);
    return published === null ? plainBlocks(output, part, context.fillings) : [];
  });
  return joinStreams(blocks).map(shortStream);
}

function claimBlock(id: string, { claims, boxed }: OutputContext): Block[] {
  const claim = claims.get(id);
  if (claim === undefined || boxed.has(id)) return [];
  boxed.add(id);
  return [{ kind: 'claim', claim }];
}

function plainBlocks(output: Output, part: CodePart, fillings: Fillings): Block[] {
  if (output.output_type === 'stream') {
    const { name, text } = output;
    return name === 'stdout' || part.options.warning ? [{ kind: 'stream', name, text }] : [];
  }
  if (output.output_type === 'error') {
    const { ename, evalue, traceback } = output;
    const lines = shortened(traceback.join('\n')).split('\n');
    return [{ kind: 'error', name: ename, message: shortened(evalue), traceback: lines }];
  }
  return bundleBlocks(output.data, part, fillings);
}

/** A kernel sends a stream in pieces; what follows in the same stream belongs together. */
function joinStreams(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.kind === 'stream' && last?.kind === 'stream' && last.name === block.name) {
      joined[joined.length - 1] = { ...last, text: last.text + block.text };
    } else joined.push(block);
  }
  return joined;
}

function shortStream(block: Block): Block {
  return block.kind === 'stream' ? { ...block, text: shortened(block.text) } : block;
}
