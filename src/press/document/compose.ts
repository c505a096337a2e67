import type { Problem } from '../../errors.js';
import type { Notebook } from '../notebook/types.js';
import { composeBlocks } from './blocks.js';
import { readBibliography } from './citations.js';
import { citedKeys } from './cited-keys.js';
import { collectClaims, judgeClaims, readClaims } from './claims.js';
import { composeColophon } from './colophon.js';
import { checkSolutions } from './exercises.js';
import type { Fillings } from './fill.js';
import { numberFootnotes } from './footnotes.js';
import { readFrontMatter } from './front-matter.js';
import { valuesOfFullRun } from './full-run.js';
import { composeHead, readHead } from './head.js';
import { numberParts } from './number.js';
import { type CodePart, readCells } from './read-cells.js';
import { checkTypedNumbers } from './typed-numbers.js';
import type { ComposeContext, Document } from './types.js';
import { collectValues } from './values.js';

/** The document of an executed notebook: everything a report says, as plain JSON.
 *
 *    read    cells, head and ledger, as tokens whose marks are still empty
 *    gather  what marks may point to: values, numbers and labels, the bibliography
 *    fill    the marks, judge the claims, lay out the blocks
 *
 *  Mistakes of the author are collected in `problems`. Throws a UserError only when the bibliography
 *  cannot be read at all. */
export function compose(notebook: Notebook, context: ComposeContext): Document {
  const problems: Problem[] = [];
  const report = (problem: Problem): void => {
    problems.push(problem);
  };

  const { notebook: text, front } = readFrontMatter(notebook, report);
  const cells = numberFootnotes(readCells(text, report));
  const { head, body } = readHead(notebook, front, cells, context.slug, report);
  const code = body.filter((part): part is CodePart => part.kind === 'code');
  const ledger = readClaims(context.ledger, report);

  const values = collectValues(code, report);
  const numbering = numberParts(body, report);
  const cited = citedKeys(body, head, ledger);
  const bibliography = readBibliography(context.bibliography, cited);
  const full = valuesOfFullRun(context.full);
  const fillings: Fillings = { values, full, numbering, bibliography, report };

  const published = collectClaims(code, ledger, report);
  const claims = judgeClaims(ledger, published, context.verdicts, fillings);
  const boxes = {
    claims: new Map(claims.map((claim) => [claim.id, claim])),
    boxed: new Set<string>(),
  };
  const meta = composeHead(head, body, context, fillings);
  const blocks = composeBlocks(body, { fillings, ...boxes });
  checkTypedNumbers(body, values, report);
  checkSolutions(body, report);

  const references = [...bibliography.works.values()].map(({ reference }) => reference);
  const colophon = composeColophon(context.colophon, code);
  problems.sort(byPlace(notebook.path));
  return { meta, blocks, claims, references, colophon, problems };
}

/** The notebook first, then other files; from the first cell to the last. */
function byPlace(notebookPath: string): (a: Problem, b: Problem) => number {
  const rank = ({ where }: Problem): number[] => [
    where.file === notebookPath ? 0 : 1,
    where.cell ?? 0,
    where.line ?? 0,
  ];
  return (a, b) => {
    const [ranks, others] = [rank(a), rank(b)];
    const at = ranks.findIndex((value, index) => value !== others[index]);
    return at === -1 ? 0 : (ranks[at] ?? 0) - (others[at] ?? 0);
  };
}
