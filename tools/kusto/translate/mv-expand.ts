import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import { convert } from "./convert.js";
import type { Operator } from "./rows.js";
import { resultColumns } from "./translator.js";
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
  const value = translator.scalar(expression, scope);
  if (value.type !== "dynamic") throw scope.uncovered(`mv-expand of ${value.type}`, expression);
  const type = typeOf(item!);
  if (!isKustoType(type)) throw scope.uncovered(`the type ${type}`, item!);
  const name = nameOf(expression) ?? resultColumns(node).at(-1)!.name;
  const column = translator.column(name, type);
  const replaced = input.columns.some((each) => each.name === name);
  const columns = replaced
    ? input.columns.map((each) => (each.name === name ? column : each))
    : [...input.columns, column];
  const element = translator.column("element", "dynamic").sql;
  const unnested = `SELECT *, unnest(kusto_expand(${value.sql})) AS ${element} FROM (${input.sql})`;
  return {
    sql: `SELECT *, ${cast(scalar("dynamic", element), type).sql} AS ${column.sql} FROM (${unnested})`,
    columns,
  };
};

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
