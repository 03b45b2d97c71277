import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import type { Scope } from "./scope.js";
import { resultColumns, type Translator } from "./translator.js";
import { isKustoType, nullOf, type Rows } from "./value.js";

/** `union`: all columns of all tables, matched by name and type; what a table has not is null there. */
export function union(input: Rows | undefined, node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  const parameters = elements(node.Parameters).map(
    (parameter) => `${parameter.Name!.SimpleName}=${textOf(parameter.Expression!)}`,
  );
  const refused = parameters.find(
    (parameter) => parameter !== "kind=outer" && parameter !== "kind=inner" && !parameter.startsWith("isfuzzy="),
  );
  if (refused) throw scope.uncovered(`union ${refused}`, node);
  const tables = elements(node.Expressions).map((item) => {
    if (kindOf(item) === "StarExpression" || textOf(item).includes("*"))
      throw scope.uncovered("union of tables by pattern", item);
    return translator.rows(item, scope.withoutRows());
  });
  const all = input ? [input, ...tables] : tables;
  const columns = resultColumns(node).map(({ name, type }) => {
    if (!isKustoType(type)) throw scope.uncovered(`a column of type ${type}`, node);
    return translator.column(name, type);
  });
  const selects = all.map((rows) => {
    const list = columns.map(({ name, type, sql }) => {
      // Columns of one name and two types are told apart by the type at their end.
      const source = rows.columns.find(
        (column) => column.type === type && (column.name === name || `${column.name}_${type}` === name),
      );
      return { value: source?.sql ?? nullOf(type).sql, as: sql };
    });
    return `${translator.lists.add(list)} FROM (${rows.sql})`;
  });
  return { sql: selects.join(" UNION ALL "), columns };
}
