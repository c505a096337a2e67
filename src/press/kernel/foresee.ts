/** What the code of cells publishes, as far as it can be seen without running it. */

import type typescript from '@tslab/typescript-for-tslab';
import { loadTypeScript } from './typescript-of-tslab.js';

type Node = typescript.Node;
const EXHIBITS = ['figure', 'grid', 'table'] as const;
const NAMED = ['value', 'claim'] as const;

export type Foreseen =
  | { readonly kind: (typeof EXHIBITS)[number] }
  | {
      readonly kind: (typeof NAMED)[number];
      /** The name, in one piece; or the pieces around what is put in when the cell runs. */
      readonly name: readonly string[];
    };

/** Calls of the package's publish functions, cell by cell. A function that a cell declares counts
 *  where its name is used, not where it is declared. */
export function foresee(codes: readonly string[]): Foreseen[][] {
  const ts = loadTypeScript();
  const scope: Scope = { ts, functions: new Map(), namespaces: new Set(), helpers: new Map() };
  return codes.map((code) => {
    const { statements } = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
    for (const statement of statements) learnImport(statement, scope);
    const rest = statements.filter((statement) => !learnHelper(statement, scope));
    const used = new Set<string>();
    return rest.flatMap((statement) => publishedIn(statement, scope, used));
  });
}

interface Scope {
  readonly ts: typeof typescript;
  /** What the package's functions are called here. */
  readonly functions: Map<string, string>;
  readonly namespaces: Set<string>;
  /** What each function of a cell publishes when it is called. */
  readonly helpers: Map<string, readonly Foreseen[]>;
}

function learnImport(statement: Node, { ts, functions, namespaces }: Scope): void {
  if (!ts.isImportDeclaration(statement)) return;
  const { moduleSpecifier: from, importClause } = statement;
  const bindings = importClause?.namedBindings;
  if (!ts.isStringLiteral(from) || from.text !== 'marginalia' || bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) namespaces.add(bindings.name.text);
  else {
    for (const { name, propertyName } of bindings.elements) {
      functions.set(name.text, (propertyName ?? name).text);
    }
  }
}

/** Whether the statement declares functions and nothing else; then they are known from now on. */
function learnHelper(statement: Node, scope: Scope): boolean {
  const found = functionsIn(statement, scope.ts);
  for (const [name, body] of found ?? []) {
    scope.helpers.set(name, publishedIn(body, scope, new Set([name])));
  }
  return found !== null;
}

function functionsIn(statement: Node, ts: Scope['ts']): [name: string, body: Node][] | null {
  if (ts.isFunctionDeclaration(statement)) {
    const { name, body } = statement;
    return name === undefined || body === undefined ? [] : [[name.text, body]];
  }
  if (!ts.isVariableStatement(statement)) return null;
  const found = statement.declarationList.declarations.flatMap(
    ({ name, initializer: value }): [string, Node][] => {
      const isFunction =
        value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
      return isFunction && ts.isIdentifier(name) ? [[name.text, value.body]] : [];
    },
  );
  return found.length === statement.declarationList.declarations.length ? found : null;
}

/** `used`: the helpers that count already; one that a cell calls twice is seen once. */
function publishedIn(node: Node, scope: Scope, used: Set<string>): Foreseen[] {
  const { ts, helpers } = scope;
  const inside = (child: Node): Foreseen[] => publishedIn(child, scope, used);
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) return branches(node, ts, inside);
  if (ts.isIdentifier(node)) {
    const isName = (node.parent as { name?: Node }).name === node;
    const helper = isName || used.has(node.text) ? undefined : helpers.get(node.text);
    if (helper !== undefined) used.add(node.text);
    return [...(helper ?? [])];
  }
  const found = ts.isCallExpression(node) ? publishedBy(node, scope) : [];
  node.forEachChild((child) => void found.push(...inside(child)));
  return found;
}

/** Of two branches only one shows its figure. */
function branches(
  node: typescript.IfStatement | typescript.ConditionalExpression,
  ts: Scope['ts'],
  inside: (child: Node) => Foreseen[],
): Foreseen[] {
  const [condition, one, other] = ts.isIfStatement(node)
    ? [node.expression, node.thenStatement, node.elseStatement]
    : [node.condition, node.whenTrue, node.whenFalse];
  const first = inside(one);
  const second = other === undefined ? [] : inside(other);
  const shown = first.some(isExhibit) ? second.filter((entry) => !isExhibit(entry)) : second;
  return [...inside(condition), ...first, ...shown];
}

const isExhibit = ({ kind }: Foreseen): boolean => EXHIBITS.some((exhibit) => exhibit === kind);

function publishedBy(call: typescript.CallExpression, scope: Scope): Foreseen[] {
  const called = calledName(call.expression, scope);
  const exhibit = EXHIBITS.find((kind) => kind === called);
  if (exhibit !== undefined) return [{ kind: exhibit }];
  const kind = NAMED.find((one) => one === called);
  const [name] = call.arguments;
  return kind === undefined || name === undefined ? [] : [{ kind, name: piecesOf(name, scope.ts) }];
}

/** The package's own name of a function, if it is one of the package. */
function calledName(callee: Node, { ts, functions, namespaces }: Scope): string | undefined {
  if (ts.isIdentifier(callee)) return functions.get(callee.text);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const isOurs = ts.isIdentifier(callee.expression) && namespaces.has(callee.expression.text);
  return isOurs ? callee.name.text : undefined;
}

function piecesOf(name: Node, ts: Scope['ts']): string[] {
  if (ts.isStringLiteralLike(name)) return [name.text];
  if (ts.isTemplateExpression(name)) {
    return [name.head.text, ...name.templateSpans.map(({ literal }) => literal.text)];
  }
  if (!ts.isBinaryExpression(name) || name.operatorToken.kind !== ts.SyntaxKind.PlusToken) {
    return ['', ''];
  }
  const [left, right] = [piecesOf(name.left, ts), piecesOf(name.right, ts)];
  return [...left.slice(0, -1), `${left.at(-1)}${right[0]}`, ...right.slice(1)];
}
