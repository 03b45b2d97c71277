import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import type { Operator } from "./rows.js";
import type { Scope } from "./scope.js";
import { resultColumns, type Translator } from "./translator.js";
import { type Column, type Rows, type Scalar } from "./value.js";

/** `where`: rows for which the condition is true; null is not. */
export const filter: Operator = (input, node, scope, translator) => {
  const condition = translator.scalar(node.Condition!, scope);
  if (condition.type !== "bool") throw scope.uncovered(`a condition of type ${condition.type}`, node);
  if (condition.sql === "TRUE") return input;
  // A function that looks at other rows stands behind all of them.
  const clause = condition.sql.includes(" OVER (") ? "QUALIFY" : "WHERE";
  return { ...input, sql: `SELECT * FROM (${input.sql}) ${clause} ${condition.sql}` };
};

/** The items of a list of expressions, each with the name that it or the parser gives its column. */
function assignments(
  node: SyntaxNode,
  input: Rows,
  scope: Scope,
  translator: Translator,
): { name: string; value: Scalar }[] {
  const inputNames = new Set(input.columns.map(({ name }) => name));
  const list = elements(node.Expressions);
  const given = new Set(list.map(nameOf));
  const isExtend = kindOf(node) === "ExtendOperator";
  const results = resultColumns(node);
  // The parser names what has no name; for extend, its names stand behind the columns of the input.
  const unnamed = results.filter(({ name }) => !given.has(name) && !(isExtend && inputNames.has(name)));
  return list.map((item) => {
    if (kindOf(item) === "CompoundNamedExpression") throw scope.uncovered("several names for one expression", item);
    const value = translator.scalar(item, scope);
    return { name: nameOf(item) ?? unnamed.shift()?.name ?? textOf(item), value };
  });
}

function nameOf(item: SyntaxNode): string | undefined {
  if (kindOf(item) === "SimpleNamedExpression") return item.Name!.SimpleName;
  return kindOf(item) === "NameReference" ? item.SimpleName : undefined;
}

/** `project`: these columns, in this order. */
export const project: Operator = (input, node, scope, translator) => {
  const assigned = assignments(node, input, scope, translator);
  const columns = assigned.map(({ name, value }) => translator.column(name, value.type));
  const list = assigned.map(({ value }, index) => ({ value: value.sql, as: columns[index]!.sql }));
  return {
    sql: `${translator.lists.add(list)} FROM (${input.sql})`,
    columns,
    order: keptOrder(input, assigned, columns),
  };
};

/** What the rows are sorted by, as long as it is only columns that are still there. */
function keptOrder(input: Rows, assigned: { value: Scalar }[], columns: Column[]): string[] | undefined {
  const order = input.order?.map((term) => {
    const index = assigned.findIndex(({ value }) => term.startsWith(`${value.sql} `));
    return index < 0 ? undefined : term.replace(assigned[index]!.value.sql, () => columns[index]!.sql);
  });
  return order?.every((term) => term !== undefined) ? order : undefined;
}

/** `extend`: a column of the same name is replaced where it stands. */
export const extend: Operator = (input, node, scope, translator) => {
  const assigned = new Map(assignments(node, input, scope, translator).map(({ name, value }) => [name, value]));
  const add = (name: string, value: Scalar) => ({ column: translator.column(name, value.type), value });
  const kept = input.columns.map((column) => {
    const value = assigned.get(column.name);
    assigned.delete(column.name);
    return value ? add(column.name, value) : { column, value: undefined };
  });
  const added = [...kept, ...[...assigned].map(([name, value]) => add(name, value))];
  const changed = added.flatMap(({ column, value }) => (value ? [{ value: value.sql, as: column.sql }] : []));
  return {
    ...input,
    sql: `${translator.lists.add(changed, true)} FROM (${input.sql})`,
    columns: added.map(({ column }) => column),
  };
};

/** The columns that the parser leaves, by name; none of them changes. */
const remaining: Operator = (input, node) => {
  const columns = resultColumns(node).map(({ name }) => input.columns.find((column) => column.name === name)!);
  return { ...input, columns, order: undefined, ingestionTime: undefined };
};

export const projectAway = remaining;
export const projectKeep = remaining;
export const projectReorder = remaining;

export const projectRename: Operator = (input, node) => {
  const names = new Map(elements(node.Expressions).map((item) => [textOf(item.Expression!), item.Name!.SimpleName!]));
  return {
    ...input,
    columns: input.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name })),
  };
};

/** `distinct`: nulls are values, and equal. */
export const distinct: Operator = (input, node, scope, translator) => {
  const list = elements(node.Expressions);
  if (list.length === 1 && kindOf(list[0]!) === "StarExpression") {
    const all = input.columns.map(({ sql }) => sql).join(", ");
    return { sql: `SELECT DISTINCT ${all} FROM (${input.sql})`, columns: input.columns };
  }
  const results = resultColumns(node);
  const values = list.map((item) => translator.scalar(item, scope));
  const columns = values.map(({ type }, index) => translator.column(results[index]!.name, type));
  const selected = values.map(({ sql }, index) => `${sql} AS ${columns[index]!.sql}`);
  return { sql: `SELECT DISTINCT ${selected.join(", ")} FROM (${input.sql})`, columns };
};
