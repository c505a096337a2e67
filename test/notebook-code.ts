/** What the code of notebook cells says, read without running it. */

import ts from 'typescript';

const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child, ...nodesOf(child)));
  return children;
}

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
