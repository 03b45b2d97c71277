import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import { convert } from "./convert.js";
import type { Operator } from "./rows.js";
import type { Scope } from "./scope.js";
import { resultColumns, type Translator } from "./translator.js";
import { isKustoType, scalar, type KustoType, type Scalar } from "./value.js";

/**
 * `mv-expand` of one array or bag: a row for each element, one of null for null, none for what is empty
 * (learn.microsoft.com/kusto/query/mv-expand-operator).
 */
export const mvExpand: Operator = (input, node, scope, translator) => {
  const [item, ...more] = elements(node.Expressions);
  if (more.length > 0) throw scope.uncovered("mv-expand of several columns", more[0]!);
  if (node.RowLimitClause) throw scope.uncovered("mv-expand with a limit", node.RowLimitClause);
  const parameter = elements(node.Parameters)[0];
  if (parameter) throw scope.uncovered(`mv-expand ${textOf(parameter)}`, parameter);
  const expression = item!.Expression!;
  const type = typeOf(item!);
  if (!isKustoType(type)) throw scope.uncovered(`the type ${type}`, item!);
  const packed = packedValues(expression, type, scope, translator);
  const value = packed ? undefined : translator.scalar(expression, scope);
  if (value && value.type !== "dynamic") throw scope.uncovered(`mv-expand of ${value.type}`, expression);
  const name = nameOf(expression) ?? resultColumns(node).at(-1)!.name;
  const column = translator.column(name, type);
  const replaced = input.columns.some((each) => each.name === name);
  const columns = replaced
    ? input.columns.map((each) => (each.name === name ? column : each))
    : [...input.columns, column];
  const element = translator.column("element", packed ? type : "dynamic").sql;
  const list = packed ? `[${packed.join(", ")}]` : `kusto_expand(${value!.sql})`;
  const unnested = `SELECT *, unnest(${list}) AS ${element} FROM (${input.sql})`;
  const made = packed ? element : cast(scalar("dynamic", element), type).sql;
  return { sql: `SELECT *, ${made} AS ${column.sql} FROM (${unnested})`, columns };
};

/** The values of `pack_array(…)` where they are of the wanted type already: no JSON need be made and read of them. */
function packedValues(
  expression: SyntaxNode,
  type: KustoType,
  scope: Scope,
  translator: Translator,
): string[] | undefined {
  const call = kindOf(expression) === "SimpleNamedExpression" ? expression.Expression! : expression;
  if (kindOf(call) !== "FunctionCallExpression" || call.Name?.SimpleName !== "pack_array") return undefined;
  const values = elements(call.ArgumentList!.Expressions).map((argument) => translator.scalar(argument, scope));
  return values.length > 0 && values.every((value) => value.type === type) ? values.map(({ sql }) => sql) : undefined;
}

function nameOf(expression: SyntaxNode): string | undefined {
  return kindOf(expression) === "SimpleNamedExpression" ? expression.Name!.SimpleName : expression.SimpleName;
}

function typeOf(item: SyntaxNode): string {
  const clause = item.ToTypeOf;
  return clause ? textOf(clause).replace(/^to typeof \( (.*) \)$/, "$1") : "dynamic";
}

/** An element that is not of the type becomes null: texts are not read. */
function cast(element: Scalar, type: KustoType): Scalar {
  if (type === "dynamic" || type === "string") return convert(element, type)!;
  const value = convert(element, type)!;
  if (type === "datetime" || type === "timespan") return value;
  return scalar(type, `CASE WHEN json_type(${element.sql}) <> 'VARCHAR' THEN ${value.sql} END`);
}
