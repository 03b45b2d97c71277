import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import { aggregates } from "./aggregates.js";
import { all, any, known, not } from "./conditions.js";
import { commonType, computedMember, convert, member, toText, widened } from "./convert.js";
import { literal } from "./literals.js";
import { binaryOperation } from "./operations.js";
import { literalNumber, scalarFunctions } from "./scalar-functions.js";
import type { Scope } from "./scope.js";
import type { Translator } from "./translator.js";
import { isKustoType, literalText, nullOf, quoted, scalar, type Scalar } from "./value.js";
import { windowFunctions } from "./window-functions.js";

/**
 * Translates a scalar expression.
 * @throws KustoError naming what the engine does not cover.
 */
export function translateScalar(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const recur = (inner: SyntaxNode) => translateScalar(inner, scope, translator);
  const kind = kindOf(node);
  const value = literal(node);
  if (value) return value;
  switch (kind) {
    case "ParenthesizedExpression":
      return { ...recur(node.Expression!) };
    case "SimpleNamedExpression":
      return recur(node.Expression!);
    case "NameReference":
    case "BracketedName":
      return named(node, scope);
    case "PathExpression":
      return path(node, scope, translator);
    case "ElementExpression":
      return element(node, scope, translator);
    case "FunctionCallExpression":
      return call(node, scope, translator);
    case "ToScalarExpression":
      return subquery(node.Expression!, scope, translator);
    case "UnaryMinusExpression":
    case "UnaryPlusExpression": {
      const operand = recur(node.Expression!);
      if (!["int", "long", "real", "timespan"].includes(operand.type))
        throw scope.uncovered(`a sign before ${operand.type}`, node);
      return kind === "UnaryPlusExpression" ? operand : { ...operand, sql: negated(operand) };
    }
    case "BetweenExpression":
    case "NotBetweenExpression":
      return between(node, scope, translator);
    case "HasAnyExpression":
    case "HasAllExpression": {
      const left = toText(recur(node.Left!));
      const isAny = kind === "HasAnyExpression";
      const join = isAny ? any : all;
      const terms = elements(node.Right!.Expressions).map((item) => {
        const term = recur(item);
        if (term.literalItems?.length) {
          return join(term.literalItems.map((each) => binaryOperation("has", left, literalText(each))!.sql));
        }
        if (term.type === "dynamic") {
          const each = `list_transform(kusto_strings(${term.sql}), lambda t: kusto_has(lower(${left.sql}), lower(t)))`;
          return `coalesce(${isAny ? "list_bool_or" : "list_bool_and"}(${each}), FALSE)`;
        }
        const has = binaryOperation("has", left, term);
        if (!has) throw scope.uncovered(`${textOf(node.Operator!)} of ${term.type}`, item);
        return has.sql;
      });
      return scalar("bool", join(terms));
    }
    case "TypeOfLiteralExpression": {
      const type = textOf(elements(node.Types)[0] ?? node);
      if (!isKustoType(type)) throw scope.uncovered(`the type ${type}`, node);
      return nullOf(type);
    }
  }
  if (node.Left && node.Right?.Expressions) return membership(node, scope, translator);
  if (node.Left && node.Right && node.Operator) {
    const operator = textOf(node.Operator);
    const [left, right] = [recur(node.Left), recur(node.Right)];
    const result = binaryOperation(operator, left, right);
    if (!result) throw scope.uncovered(`"${operator}" between ${left.type} and ${right.type}`, node.Operator);
    return narrowed(result, node);
  }
  throw scope.uncovered(describe(node), node);
}

/** `int` where the parser says so: the sum of two ints is counted in longs. */
function narrowed(value: Scalar, node: SyntaxNode): Scalar {
  return value.type === "long" && node.ResultType?.Name === "int" ? convert(value, "int")! : value;
}

function negated(operand: Scalar): string {
  return operand.isLiteral
    ? operand.sql.replace(/^CAST\('?/, (start) => `${start}-`).replace("--", "")
    : `(-${operand.sql})`;
}

function describe(node: SyntaxNode): string {
  const name = kindOf(node).replace(/(Expression|Operator|Literal)+$/, "");
  return `${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()} ("${textOf(node).slice(0, 40)}")`;
}

function named(node: SyntaxNode, scope: Scope): Scalar {
  const name = node.SimpleName ?? textOf(node);
  const column = scope.column(name);
  if (column) return scalar(column.type, column.sql);
  const binding = scope.variables.get(name);
  if (binding?.kind === "scalar") return binding.value;
  throw scope.uncovered(`"${name}" in this place`, node);
}

function path(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const selector = node.Selector!;
  const outer = node.Expression!;
  const side = kindOf(outer) === "NameReference" ? outer.SimpleName : undefined;
  if (scope.extra.sides && (side === "$left" || side === "$right")) {
    const column = scope.extra.sides[side].columns.find(({ name }) => name === selector.SimpleName);
    if (column) return scalar(column.type, `${side === "$left" ? "l" : "r"}.${column.sql}`);
  }
  const of = translateScalar(outer, scope, translator);
  if (of.type !== "dynamic" || selector.SimpleName === undefined) throw scope.uncovered(`a member of ${of.type}`, node);
  return member(of, selector.SimpleName);
}

function element(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const of = translateScalar(node.Expression!, scope, translator);
  if (of.type !== "dynamic") throw scope.uncovered(`an element of ${of.type}`, node);
  const key = translateScalar(node.Selector!.Expression ?? node.Selector!, scope, translator);
  const number = literalNumber(key);
  if (number !== undefined) return member(of, number);
  if (key.text !== undefined) return member(of, key.text);
  // A dynamic key is a dynamic string, as mv-expand gives it.
  const value = computedMember(of, key.type === "dynamic" ? toText(key) : key);
  if (!value) throw scope.uncovered(`an element by ${key.type}`, node);
  return value;
}

function call(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const aggregate = scope.extra.aggregate?.(node);
  if (aggregate) return aggregate;
  const name = node.Name!.SimpleName!;
  const argumentNodes = elements(node.ArgumentList!.Expressions);
  if (name === "ingestion_time") {
    if (scope.rows?.ingestionTime) return scalar("datetime", scope.rows.ingestionTime);
    throw scope.error(
      "ingestion_time() is known only on the rows of a table, before they are projected or summarized",
      node,
    );
  }
  if (name === "toscalar") return subquery(argumentNodes[0]!, scope, translator);
  const declared = translator.findFunction(name, scope);
  if (declared) {
    const result = translator.callFunction(declared, name, node, scope);
    if (result.kind === "scalar") return result.value;
    throw scope.error(`${name}() gives a table, and stands where a value is wanted`, node);
  }
  const args = argumentNodes.flatMap((argument) => {
    if (kindOf(argument) === "StarExpression")
      return (scope.rows?.columns ?? []).map(({ type, sql }) => scalar(type, sql));
    return [translateScalar(argument, scope, translator)];
  });
  if (Object.hasOwn(windowFunctions, name)) return windowed(name, args, node, scope);
  const make = Object.hasOwn(scalarFunctions, name) ? scalarFunctions[name] : undefined;
  if (!make)
    throw scope.uncovered(
      Object.hasOwn(aggregates, name) ? `the aggregate ${name}() outside of summarize` : `the function ${name}()`,
      node,
    );
  const result = make(args, { now: translator.now });
  if (!result) throw scope.uncovered(`${name}(${args.map(({ type }) => type).join(", ")})`, node);
  return result;
}

function windowed(name: string, args: Scalar[], node: SyntaxNode, scope: Scope): Scalar {
  const order = scope.rows?.order ?? [];
  if (order.length === 0) throw scope.uncovered(`${name}() on rows that nothing has sorted`, node);
  const result = windowFunctions[name]!(args, `ORDER BY ${order.join(", ")}`);
  if (!result) throw scope.uncovered(`${name}(${args.map(({ type }) => type).join(", ")})`, node);
  return result;
}

function subquery(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const rows = translator.rows(node, scope.withoutRows());
  const [column] = rows.columns;
  if (!column) throw scope.error("toscalar() of a table without columns", node);
  const first = `(SELECT ${column.sql} FROM (${rows.sql}) LIMIT 1)`;
  return scalar(column.type, column.type === "string" ? `coalesce(${first}, '')` : first);
}

/** Both bounds count. `between (start .. timespan)` ends that long after the start. */
function between(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const value = translateScalar(node.Left!, scope, translator);
  const from = translateScalar(node.Right!.First!, scope, translator);
  const end = translateScalar(node.Right!.Second!, scope, translator);
  const to =
    value.type === "datetime" && end.type === "timespan" ? scalar("datetime", `(${from.sql} + ${end.sql})`) : end;
  const type = commonType([value, from, to]);
  if (!type || type === "dynamic")
    throw scope.uncovered(`between of ${value.type}, ${from.type} and ${end.type}`, node);
  const [x, a, b] = [value, from, to].map((each) => widened(each, type).sql);
  const not = kindOf(node) === "NotBetweenExpression" ? "NOT " : "";
  return scalar("bool", `(${x} ${not}BETWEEN ${a} AND ${b})`);
}

/** `in`, `!in`, `in~`, `!in~` over values, dynamic arrays, or the first column of a table. */
function membership(node: SyntaxNode, scope: Scope, translator: Translator): Scalar {
  const operator = textOf(node.Operator!);
  const isNegated = operator.startsWith("!");
  const ignoresCase = operator.endsWith("~");
  const left = translateScalar(node.Left!, scope, translator);
  const alternatives = elements(node.Right!.Expressions).map((item): string => {
    if (translator.isTabular(item, scope)) {
      const rows = translator.rows(item, scope.withoutRows());
      const column = rows.columns[0]!;
      const [x, y] = ignoresCase ? [`lower(${toText(left).sql})`, `lower(${column.sql})`] : [left.sql, column.sql];
      return `coalesce(${x} IN (SELECT ${y} FROM (${rows.sql})), FALSE)`;
    }
    const right = translateScalar(item, scope, translator);
    if (right.literalItems && left.type === "string") return isOneOf(left.sql, right.literalItems, ignoresCase);
    if (right.type === "dynamic" && left.type !== "dynamic") {
      const [list, x] = ignoresCase
        ? [`list_transform(kusto_strings(${right.sql}), lambda e: lower(e))`, `lower(${toText(left).sql})`]
        : [`kusto_strings(${right.sql})`, toText(left).sql];
      return `coalesce(list_contains(${list}, ${x}), FALSE)`;
    }
    const equal = binaryOperation(ignoresCase ? "=~" : "==", left, right);
    if (!equal) throw scope.uncovered(`"${operator}" between ${left.type} and ${right.type}`, node);
    // A string, and what is held against a literal, is never null.
    return left.type === "string" || right.isLiteral ? equal.sql : `coalesce(${equal.sql}, FALSE)`;
  });
  return scalar("bool", isNegated ? not(any(alternatives)) : any(alternatives));
}

function isOneOf(sql: string, texts: string[], ignoresCase: boolean): string {
  if (texts.length === 0) return known(false);
  const list = texts.map((text) => (ignoresCase ? `lower(${quoted(text)})` : quoted(text)));
  return `(${ignoresCase ? `lower(${sql})` : sql} IN (${list.join(", ")}))`;
}
