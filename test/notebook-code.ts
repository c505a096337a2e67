/** What the code of notebook cells says, read without running it. */

import { createRequire } from 'node:module';
import ts from 'typescript';

const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child, ...nodesOf(child)));
  return children;
}

/** The names that a cell publishes with `value(…)` or `claim(…)`, as patterns: some are put together
 *  when the cell runs. */
export function publishedNames(by: 'value' | 'claim', code: string): RegExp[] {
  return nodesOf(parse(code)).flatMap((node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== by) return [];
    const [name] = node.arguments;
    if (name === undefined) return [];
    if (ts.isStringLiteralLike(name)) return [patternOf([name.text])];
    if (!ts.isTemplateExpression(name)) return [];
    return [patternOf([name.head.text, ...name.templateSpans.map(({ literal }) => literal.text)])];
  });
}

const patternOf = (parts: readonly string[]): RegExp =>
  new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`);

/** Names that the top level of a cell gives to later cells. */
export function topLevelNames(code: string): string[] {
  const names = (name: ts.BindingName | undefined): string[] => {
    if (name === undefined) return [];
    if (ts.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((part) => (ts.isBindingElement(part) ? names(part.name) : []));
  };
  return parse(code).statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => names(name));
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return names(statement.name);
    }
    return [];
  });
}

/** Names of `{ name }` that the cell itself does not declare. */
export function borrowedShorthands(code: string): string[] {
  const file = parse(code);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
  };
  const program = ts.createProgram([file.fileName], { noLib: true, noResolve: true }, host);
  const checker = program.getTypeChecker();
  return nodesOf(file)
    .filter((node) => ts.isShorthandPropertyAssignment(node))
    .filter((node) => checker.getShorthandAssignmentValueSymbol(node) === undefined)
    .map((node) => node.name.text);
}

interface Converter {
  convert(
    declarations: string,
    source: string,
  ): {
    readonly declOutput?: string;
    readonly diagnostics: readonly {
      readonly start: { readonly line: number };
      readonly messageText: string;
    }[];
  };
  close(): void;
}

/** What the kernel's compiler says about the cells, in order. */
export function diagnosticsOf(
  steps: readonly { readonly label: string; readonly source: string }[],
): string[] {
  const require = createRequire(import.meta.url);
  const converter: Converter = require('tslab/dist/converter.js').createConverter();
  let declarations = '';
  try {
    return steps.flatMap(({ label, source }) => {
      const { declOutput = declarations, diagnostics } = converter.convert(declarations, source);
      declarations = declOutput;
      return diagnostics.map(
        ({ start, messageText }) => `${label}, line ${start.line + 1}: ${messageText}`,
      );
    });
  } finally {
    converter.close();
  }
}
