/** The functions that src/attacks exports, read from their code with the compiler. */

import { resolve } from 'node:path';
import ts from 'typescript';

export interface ExportedFunction {
  readonly name: string;
  /** What stands before the first full stop of its docstring, on one line. */
  readonly summary: string;
  /** An attack: from a model, images, labels and options to a record of what came of it. */
  readonly options: readonly Option[] | null;
  /** The text in front of the file that it stands in. */
  readonly header: string;
}

export interface Option {
  readonly name: string;
  /** Whether it must be given. */
  readonly isRequired: boolean;
  /** The default as the code has it; null where the code has none. */
  readonly initial: string | null;
  /** The strings that it may be; empty for an option of another type. */
  readonly choices: readonly string[];
}

const INDEX = resolve('src/attacks/index.ts');

/** All of them, in the order of the index. Throws Error for an option with two defaults. */
export function exportedFunctions(): ExportedFunction[] {
  const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  const program = ts.createProgram([INDEX], options);
  const checker = program.getTypeChecker();
  const index = checker.getSymbolAtLocation(program.getSourceFile(INDEX) as ts.SourceFile);
  const symbols = checker.getExportsOfModule(index as ts.Symbol).map((symbol) => {
    const isAlias = symbol.flags & ts.SymbolFlags.Alias;
    return { name: symbol.name, of: isAlias ? checker.getAliasedSymbol(symbol) : symbol };
  });
  return symbols.flatMap(({ name, of }) => {
    const declaration = of.valueDeclaration;
    if (declaration === undefined || !ts.isFunctionDeclaration(declaration)) return [];
    const text = ts.displayPartsToString(of.getDocumentationComment(checker));
    return {
      name,
      summary: firstSentence(text),
      options: optionsOf(declaration, checker),
      header: declaration.getSourceFile().text.split('*/')[0] ?? '',
    };
  });
}

function firstSentence(text: string): string {
  const sentence = /^[\s\S]*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
  return sentence.replace(/\s+/g, ' ');
}

function optionsOf(attack: ts.FunctionDeclaration, checker: ts.TypeChecker): Option[] | null {
  const last = attack.parameters[3];
  const result = checker.typeToString(checker.getTypeAtLocation(attack)).split('=> ').at(-1);
  if (attack.parameters.length !== 4 || last === undefined) return null;
  if (result !== 'Promise<AttackResult>') return null;
  const properties = checker.getTypeAtLocation(last).getProperties();
  const defaults = defaultsOf(attack, new Set(properties.map(({ name }) => name)), checker);
  return properties.map((property) => {
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    const parts = type.isUnion() ? type.types : [type];
    return {
      name: property.name,
      isRequired: (property.flags & ts.SymbolFlags.Optional) === 0,
      initial: defaults.get(property.name) ?? null,
      choices: parts.flatMap((part) => (part.isStringLiteral() ? part.value : [])),
    };
  });
}

/** Where options are unpacked, their defaults stand: `{ steps = 10 } = options`. They are unpacked by
 *  the attack itself or by a function that it hands `options` to; `{ steps: 10 }` beside them in such a
 *  call is a default too. */
function defaultsOf(
  attack: ts.FunctionDeclaration,
  names: ReadonlySet<string>,
  checker: ts.TypeChecker,
): Map<string, string> {
  const defaults = new Map<string, string>();
  const note = (name: string, value: ts.Expression): void => {
    const [text, before] = [value.getText(), defaults.get(name)];
    if (before !== undefined && before !== text) {
      throw new Error(
        `${attack.name?.text}: expected one default of ${name}, got ${before}, ${text}`,
      );
    }
    defaults.set(name, text);
  };
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (ts.isBindingElement(node) && node.initializer !== undefined) {
      const name = (node.propertyName ?? node.name).getText();
      if (names.has(name)) note(name, node.initializer);
    }
    if (ts.isCallExpression(node) && node.arguments.some(isOptions)) {
      for (const argument of node.arguments) {
        for (const [name, value] of entriesOf(argument, checker)) {
          if (names.has(name)) note(name, value);
        }
      }
      const callee = functionOf(node.expression, checker);
      if (callee !== undefined && !seen.has(callee)) {
        seen.add(callee);
        visit(callee);
      }
    }
    node.forEachChild(visit);
  };
  visit(attack);
  return defaults;
}

const isOptions = (argument: ts.Expression): boolean =>
  ts.isIdentifier(argument) && argument.text === 'options';

function functionOf(
  callee: ts.Expression,
  checker: ts.TypeChecker,
): ts.FunctionDeclaration | undefined {
  const symbol = checker.getSymbolAtLocation(callee);
  const isAlias = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias;
  const declaration = (isAlias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
  return declaration !== undefined && ts.isFunctionDeclaration(declaration)
    ? declaration
    : undefined;
}

/** Names and values of an object that is written out, here or in a constant. */
function entriesOf(value: ts.Expression, checker: ts.TypeChecker): [string, ts.Expression][] {
  if (ts.isAsExpression(value)) return entriesOf(value.expression, checker);
  if (ts.isIdentifier(value)) {
    const declaration = checker.getSymbolAtLocation(value)?.valueDeclaration;
    const isConstant = declaration !== undefined && ts.isVariableDeclaration(declaration);
    return isConstant && declaration.initializer !== undefined
      ? entriesOf(declaration.initializer, checker)
      : [];
  }
  if (!ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap((property): [string, ts.Expression][] =>
    ts.isPropertyAssignment(property) ? [[property.name.getText(), property.initializer]] : [],
  );
}
