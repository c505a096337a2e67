/** The compiler that tslab runs cells with, for questions that have the same answer only there. */

import { createRequire } from 'node:module';
import type typescript from '@tslab/typescript-for-tslab';

/** Loads tslab's own TypeScript, 0.1 s; the project's compiler is another version. It watches no file:
 *  an answer is about the files as they are. */
export function loadTypeScript(): typeof typescript {
  const require = createRequire(import.meta.url);
  const ofTslab = createRequire(require.resolve('tslab/package.json'));
  const ts: typeof typescript = ofTslab('@tslab/typescript-for-tslab');
  const unwatched = () => ({ close: () => undefined });
  Object.assign(ts.sys, { watchFile: unwatched, watchDirectory: unwatched });
  return ts;
}

/** One top-level variable of a cell. */
export interface Variable {
  readonly name: string;
  /** Its type as the author wrote it. */
  readonly type?: string;
}

/** The variables that the top level of a cell declares, in order. */
export function topLevelVariables(ts: typeof typescript, code: string): Variable[] {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ name, type }) =>
          namesIn(ts, name).map((found) => ({
            name: found,
            ...(type === undefined ? {} : { type: type.getText() }),
          })),
        )
      : [],
  );
}

/** `a` and `b` of `{ a, c: [b] }`. */
export function namesIn(ts: typeof typescript, name: typescript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((part) => (ts.isBindingElement(part) ? namesIn(ts, part.name) : []));
}
