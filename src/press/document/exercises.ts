import { hasTag } from '../notebook/tags.js';
import type { Cell } from '../notebook/types.js';
import type { Part } from './read-cells.js';
import type { Report } from './source-token.js';
import type { Block } from './types.js';

/** What the tags of a cell make of it. */
export type Role = 'text' | 'exercise' | 'solution';

export function roleOf(cell: Cell): Role {
  if (hasTag(cell, 'solution')) return 'solution';
  return hasTag(cell, 'exercise') ? 'exercise' : 'text';
}

/** The blocks of the cells in their order: those of an exercise in a block of their own, those of
 *  solutions that follow one another in one fold. A cell that shows nothing parts no fold. */
export function setExercises(
  cells: readonly { readonly role: Role; readonly blocks: readonly Block[] }[],
): Block[] {
  const set: Block[] = [];
  for (const { role, blocks } of cells) {
    if (blocks.length === 0) continue;
    const last = set.at(-1);
    if (role === 'text') set.push(...blocks);
    else if (role === 'solution' && last?.kind === 'solution') {
      set[set.length - 1] = { ...last, blocks: [...last.blocks, ...blocks] };
    } else set.push({ kind: role, blocks });
  }
  return set;
}

/** A solution stands right after its exercise; elsewhere a reader cannot tell what it solves. */
export function checkSolutions(parts: readonly Part[], report: Report): void {
  let before: Role = 'text';
  for (const part of parts.filter(isShown)) {
    if (part.role === 'solution' && before === 'text') {
      report({
        rule: 'solution-after-exercise',
        severity: 'warning',
        where: part.where,
        message: 'expected an exercise before a solution, got another cell',
        hint: 'Tag the cell before it “exercise”, or move the solution behind its exercise.',
      });
    }
    before = part.role;
  }
}

const isShown = (part: Part): boolean => part.kind === 'markdown' || part.options.include;
