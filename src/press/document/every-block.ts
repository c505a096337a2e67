import type { Block } from './types.js';

/** The blocks of a page in its order, those inside exercises and solutions after the one that holds
 *  them. */
export function everyBlock(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) =>
    'blocks' in block ? [block, ...everyBlock(block.blocks)] : [block],
  );
}
