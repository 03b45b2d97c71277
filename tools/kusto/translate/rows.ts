import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import { join } from "./join.js";
import { literal } from "./literals.js";
import { mvExpand } from "./mv-expand.js";
import type { Scope } from "./scope.js";
import { summarize } from "./summarize.js";
import { resultColumns, type Translator } from "./translator.js";
import { union } from "./union.js";
import {
  distinct,
  filter,
  project,
  projectAway,
  projectKeep,
  projectRename,
  projectReorder,
  extend,
} from "./project.js";
import { sort, take, top } from "./sort.js";
import { convert } from "./convert.js";
import { identifier, isKustoType, nullOf, type Column, type KustoType, type Rows } from "./value.js";

/** An operator behind a pipe. */
export type Operator = (input: Rows, node: SyntaxNode, scope: Scope, translator: Translator) => Rows;

const count: Operator = (input, _node, _scope, translator) => {
  const column = translator.column("Count", "long");
  return { sql: `SELECT count(*) AS ${column.sql} FROM (${input.sql})`, columns: [column] };
};

/** What a client draws is none of the rows' business. */
const unchanged: Operator = (input) => input;

/** The operators that the engine covers, by the kind of their node. */
export const operators: Record<string, Operator> = {
  FilterOperator: filter,
  ExtendOperator: extend,
  ProjectOperator: project,
  ProjectAwayOperator: projectAway,
  ProjectKeepOperator: projectKeep,
  ProjectRenameOperator: projectRename,
  ProjectReorderOperator: projectReorder,
  DistinctOperator: distinct,
  SortOperator: sort,
  TopOperator: top,
  TakeOperator: take,
  CountOperator: count,
  SummarizeOperator: summarize,
  JoinOperator: join,
  LookupOperator: join,
  MvExpandOperator: mvExpand,
  UnionOperator: union,
  RenderOperator: unchanged,
  SerializeOperator: unchanged,
};

/**
 * Translates a tabular expression.
 * @throws KustoError naming what the engine does not cover.
 */
export function translateRows(node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  switch (kindOf(node)) {
    case "ParenthesizedExpression":
      return translateRows(node.Expression!, scope, translator);
    case "PipeExpression": {
      const input = translateRows(node.Expression!, scope, translator);
      const operator = node.Operator!;
      const translate = operators[kindOf(operator)];
      if (!translate) throw scope.uncovered(`the operator "${textOf(operator).split(" ")[0]}"`, operator);
      return translate(input, operator, scope.over(input), translator);
    }
    case "NameReference":
      return named(node, scope, translator);
    case "FunctionCallExpression":
      return called(node, scope, translator);
    case "MaterializeExpression":
      return translateRows(node.Expression!, scope, translator);
    case "UnionOperator":
      return union(undefined, node, scope, translator);
    case "PrintOperator":
      return print(node, scope, translator);
    case "RangeOperator":
      return range(node, scope, translator);
    case "DataTableExpression":
      return dataTable(node, scope, translator);
  }
  throw scope.uncovered(`"${textOf(node).slice(0, 40)}" as a table`, node);
}

function named(node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  const name = node.SimpleName ?? "";
  const binding = scope.variables.get(name);
  if (binding?.kind === "rows") return binding.rows;
  const table = translator.tables.find(name);
  if (table) {
    const columns = table.columns.map((column) => translator.column(column.name, column.type));
    const time = translator.column("ingestion_time()", "datetime").sql;
    const list = columns.map(({ name: source, sql }) => ({ value: identifier(source), as: sql }));
    return {
      sql: `${translator.lists.add([...list, { value: table.ingestionTime, as: time }])} FROM ${table.sql}`,
      columns,
      ingestionTime: time,
    };
  }
  const created = translator.database.find(name);
  if (created?.kind === "view") return translator.view(created.name, created.body);
  const declared = translator.findFunction(name, scope);
  if (declared) return tableOf(translator.callFunction(declared, name, node, scope), name, node, scope);
  throw scope.error(`there are no rows of "${name}" here`, node);
}

function called(node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  const name = node.Name!.SimpleName!;
  if (name === "materialize") return translateRows(elements(node.ArgumentList!.Expressions)[0]!, scope, translator);
  const declared = translator.findFunction(name, scope);
  if (!declared) throw scope.uncovered(`the table function ${name}()`, node);
  return tableOf(translator.callFunction(declared, name, node, scope), name, node, scope);
}

function tableOf(result: ReturnType<Translator["callFunction"]>, name: string, node: SyntaxNode, scope: Scope): Rows {
  if (result.kind === "rows") return result.rows;
  throw scope.error(`${name}() gives a value, and stands where a table is wanted`, node);
}

function print(node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  const names = resultColumns(node);
  const values = elements(node.Expressions).map((item) => translator.scalar(item, scope));
  const columns = values.map(({ type }, index) => translator.column(names[index]!.name, type));
  return { sql: `SELECT ${values.map(({ sql }, index) => `${sql} AS ${columns[index]!.sql}`).join(", ")}`, columns };
}

/** Both ends count. */
function range(node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  const [from, to, step] = [node.From!, node.To!, node.Step!].map((each) => translator.scalar(each, scope));
  const type = from!.type;
  const isTime = type === "datetime" || type === "timespan";
  if (
    !(isTime && step!.type === "timespan") &&
    ![from, to, step].every((each) => each!.type === "int" || each!.type === "long")
  ) {
    throw scope.uncovered(`range of ${type}, ${to!.type} and ${step!.type}`, node);
  }
  const column = translator.column(node.Name!.SimpleName!, type);
  const cast = (sql: string) => `CAST(${sql} AS BIGINT)`;
  const value = type === "int" ? "CAST(i AS INTEGER)" : "i";
  return {
    sql: `SELECT ${value} AS ${column.sql} FROM (SELECT unnest(generate_series(${[from, to, step].map((each) => cast(each!.sql)).join(", ")})) AS i)`,
    columns: [column],
  };
}

function dataTable(node: SyntaxNode, scope: Scope, translator: Translator): Rows {
  const columns = elements(node.Schema!.Columns).map((declaration): Column => {
    const type = textOf(declaration.Type!);
    if (!isKustoType(type)) throw scope.uncovered(`the type ${type}`, declaration);
    return translator.column(declaration.Name!.SimpleName!, type);
  });
  const values = elements(node.Values).map((value, index) =>
    cell(value, columns[index % columns.length]!.type, scope, translator),
  );
  const names = columns.map(({ sql }) => sql).join(", ");
  if (values.length === 0) {
    return {
      sql: `SELECT ${columns.map(({ type, sql }) => `${nullOf(type).sql} AS ${sql}`).join(", ")} WHERE FALSE`,
      columns,
    };
  }
  const rows: string[] = [];
  for (let index = 0; index < values.length; index += columns.length)
    rows.push(`(${values.slice(index, index + columns.length).join(", ")})`);
  return { sql: `SELECT * FROM (VALUES ${rows.join(", ")}) AS t(${names})`, columns };
}

function cell(node: SyntaxNode, type: KustoType, scope: Scope, translator: Translator): string {
  const value = literal(node) ?? translator.scalar(node, scope);
  const converted = convert(value, type);
  if (!converted) throw scope.uncovered(`${value.type} in a column of type ${type}`, node);
  return converted.sql;
}
