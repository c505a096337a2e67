/** The types of all cells, each compiled once for as long as nothing that it sees changes. */

import { join } from 'node:path';
import type { Problem } from '../../errors.js';
import type { TypeChecker, TypeMemory } from '../kernel/check-types.js';
import type { Step } from '../notebook/steps.js';
import type { CheckEffects } from './effects.js';
import { filesFingerprint, fingerprint, labFingerprint } from './fingerprint.js';
import { keep, readKept } from './kept.js';
import { namedFiles } from './named-files.js';

/** Every step through the compiler of a kernel in `folder`. A cell that is meant to fail may fail there. */
export async function typeProblems(
  steps: readonly Step[],
  folder: string,
  checker: TypeChecker,
  effects: CheckEffects,
): Promise<Problem[]> {
  const codes = steps.map(({ code }) => code);
  const memory = await openMemory(codes, folder, effects);
  const mistakes = await checker.check(codes, memory);
  return mistakes.flatMap(({ cell, line, column, message }): Problem[] => {
    const { where, startLine, options } = steps[cell] as Step;
    if (options.raisesException) return [];
    const at = line === undefined ? {} : { line: line + startLine - 1 };
    const place = { ...where, ...at, ...(column === undefined ? {} : { column }) };
    const hint = 'The kernel refuses such a cell as a whole: mend it.';
    return [{ rule: 'cell-compiles', severity: 'error', where: place, message, hint }];
  });
}

/** Besides its code and the earlier declarations a cell sees the lab, the packages, and the files
 *  that the notebook names. What cannot be kept only costs time later. */
async function openMemory(
  codes: readonly string[],
  folder: string,
  { cacheFolder, packageFolder }: CheckEffects,
): Promise<TypeMemory> {
  const store = join(cacheFolder, 'types');
  const seen = {
    folder,
    files: await namedFiles(codes.join('\n'), folder),
    lab: await labFingerprint(packageFolder),
    types: await filesFingerprint(packageFolder, TYPES),
    node: process.versions.node,
  };
  const keyOf = (code: string, declarations: string) => fingerprint({ code, declarations, seen });
  return {
    recall: (code, declarations) => readKept(store, keyOf(code, declarations)),
    keep: (code, declarations, declared) =>
      keep(store, keyOf(code, declarations), declared).catch(() => undefined),
  };
}

/** What the lab's fingerprint, which is about what runs, leaves out. */
const TYPES = ['index', 'errors', 'mime'].map((name) => `dist/${name}.d.ts`);
