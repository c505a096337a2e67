/** From a stack of the JavaScript that the kernel ran back to the line that the author wrote.
 *
 *  tslab compiles a cell in two steps and keeps no source map. The same compiler, asked for the same
 *  two steps, gives the same lines and the maps with them. */

import { SourceMap } from 'node:module';
import type typescript from '@tslab/typescript-for-tslab';
import { loadTypeScript, namesIn } from './typescript-of-tslab.js';

/** The line of `code`, from 1, with the statement that led to an error with this stack; undefined
 *  when the stack does not reach down to the cell's own statements. There is no column: tslab
 *  rewrites names of earlier cells, which moves what follows in the line. */
export function locate(code: string, stack: string): number | undefined {
  const frames = [...stack.matchAll(FRAME)].map(({ index, 1: line, 2: column }) => ({
    line: Number(line),
    column: Number(column),
    // The last line of what ran is not the author's: it calls the rest.
    isCall: /^.*\n +at (?:sigintHandlersWrap|Script\.runIn)/.test(stack.slice(index)),
  }));
  const frame = frames.findLast(({ isCall }) => !isCall);
  if (frame === undefined) return undefined;
  const ts = loadTypeScript();
  const { toModule, toCommon, lines } = compile(ts, code);
  const last = frames.find(({ isCall }) => isCall)?.line;
  // An import of types only has no line in the kernel, which knows the types, but one here. The
  // call stands two lines below the cell.
  const shift = last === undefined ? 0 : last - lines - 2;
  const common = toCommon.findEntry(frame.line - 1 - shift, frame.column - 1);
  if (!('originalLine' in common)) return undefined;
  const module = toModule.findEntry(common.originalLine, common.originalColumn);
  if (!('originalLine' in module) || module.originalLine < PREFIX_LINES) return undefined;
  return module.originalLine + 1 - PREFIX_LINES;
}

/** A frame of the cell itself, not of a function in it: those may belong to an earlier cell. */
const FRAME = /^ +at (?:async )?evalmachine\.<anonymous>:(\d+):(\d+)$/gm;

const PREFIX = 'export {};\n';
const PREFIX_LINES = 1;

/** What tslab does with a cell: every name is exported, and so is the value of the last expression.
 *  `lines`: how many lines the result has in the kernel. */
function compile(ts: typeof typescript, code: string) {
  const { statements } = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest);
  const names = statements.flatMap((statement) => valueNames(ts, statement));
  const last = statements.at(-1);
  const hasResult = last !== undefined && ts.isExpressionStatement(last);
  const result = hasResult ? '\nexport const tsLastExpr = 0;' : '';
  const exported = names.length > 0 ? `\nexport {${names.join(', ')}}` : '';
  const first = transpile(ts, PREFIX + code + result + exported, ts.ModuleKind.ESNext);
  const second = transpile(ts, first.text, ts.ModuleKind.CommonJS);
  // The kernel has the result in the line of the expression, here it has a line of its own.
  const lines = second.text.trimEnd().split('\n').length - (hasResult ? 1 : 0);
  return { toModule: first.map, toCommon: second.map, lines };
}

/** The names of values that a top-level statement declares or imports. */
function valueNames(ts: typeof typescript, statement: typescript.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesIn(ts, name));
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  ) {
    return statement.name === undefined ? [] : [statement.name.text];
  }
  if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly) return [];
  const { name, namedBindings } = statement.importClause ?? {};
  const bound =
    namedBindings === undefined
      ? []
      : ts.isNamespaceImport(namedBindings)
        ? [namedBindings]
        : namedBindings.elements.filter((element) => !element.isTypeOnly);
  return [name?.text, ...bound.map((binding) => binding.name.text)].filter(
    (one) => one !== undefined,
  );
}

function transpile(ts: typeof typescript, code: string, module: typescript.ModuleKind) {
  const options = {
    module,
    target: ts.ScriptTarget.ES2022,
    newLine: ts.NewLineKind.LineFeed,
    esModuleInterop: true,
    noImplicitUseStrict: true,
    experimentalDecorators: true,
    sourceMap: true,
  };
  const fileName = module === ts.ModuleKind.ESNext ? 'cell.ts' : 'cell.js';
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    fileName,
    compilerOptions: options,
  });
  const text = outputText.replace(/\/\/# sourceMappingURL=.*\n?$/, '');
  return { text, map: new SourceMap(JSON.parse(sourceMapText ?? '{}')) };
}
