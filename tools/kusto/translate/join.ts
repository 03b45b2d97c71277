import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import { binaryOperation } from "./operations.js";
import type { Operator } from "./rows.js";
import type { Scope } from "./scope.js";
import { resultColumns, type Translator } from "./translator.js";
import { scalar, type Column, type Rows, type Scalar } from "./value.js";

interface Kind {
  sql: string;
  /** Whose columns come out. */
  gives: "left" | "right" | "both";
}

const kinds: Record<string, Kind> = {
  innerunique: { sql: "INNER JOIN", gives: "both" },
  inner: { sql: "INNER JOIN", gives: "both" },
  leftouter: { sql: "LEFT JOIN", gives: "both" },
  rightouter: { sql: "RIGHT JOIN", gives: "both" },
  fullouter: { sql: "FULL JOIN", gives: "both" },
  leftsemi: { sql: "SEMI JOIN", gives: "left" },
  rightsemi: { sql: "SEMI JOIN", gives: "right" },
  leftanti: { sql: "ANTI JOIN", gives: "left" },
  leftantisemi: { sql: "ANTI JOIN", gives: "left" },
  anti: { sql: "ANTI JOIN", gives: "left" },
  rightanti: { sql: "ANTI JOIN", gives: "right" },
  rightantisemi: { sql: "ANTI JOIN", gives: "right" },
};

/** `join` and `lookup`. A null key equals nothing, as in any comparison. */
export const join: Operator = (input, node, scope, translator) => {
  const isLookup = kindOf(node) === "LookupOperator";
  const name = kindName(node, isLookup ? "leftouter" : "innerunique");
  const kind = kinds[name];
  if (!kind) throw scope.uncovered(`join kind=${name}`, node);
  const right = translator.rows(node.Expression!, scope.withoutRows());
  const clause = isLookup ? node.LookupClause : node.ConditionClause;
  if (!clause || kindOf(clause) !== "JoinOnClause") throw scope.uncovered("a join without on", node);
  const keys = elements(clause.Expressions).map((item) => key(item, input, right, scope, translator));
  const condition = keys.map(({ sql }) => sql).join(" AND ");
  const left =
    name === "innerunique"
      ? firstOfEach(
          input,
          keys.map((each) => each.left),
        )
      : input.sql;
  if (kind.gives !== "both") {
    const [outer, inner] =
      kind.gives === "left" ? [`(${left}) AS l`, `(${right.sql}) AS r`] : [`(${right.sql}) AS r`, `(${left}) AS l`];
    const rows = kind.gives === "left" ? input : right;
    return {
      sql: `SELECT * FROM ${outer} ${kind.sql} ${inner} ON ${condition}`,
      columns: rows.columns,
    };
  }
  const droppedKeys = isLookup ? new Set(keys.map((each) => each.right)) : new Set<string>();
  const sources = [
    ...input.columns.map((column) => ({ column, sql: `l.${column.sql}` })),
    ...right.columns.filter(({ sql }) => !droppedKeys.has(sql)).map((column) => ({ column, sql: `r.${column.sql}` })),
  ];
  const names = resultColumns(node);
  const columns = sources.map(({ column }, index) => translator.column(names[index]!.name, column.type));
  const list = sources.map(({ column, sql }, index) => ({ value: present(column, sql), as: columns[index]!.sql }));
  return {
    sql: `${translator.lists.add(list)} FROM (${left}) AS l ${kind.sql} (${right.sql}) AS r ON ${condition}`,
    columns,
  };
};

function kindName(node: SyntaxNode, standard: string): string {
  const parameter = elements(node.Parameters).find(({ Name }) => Name!.SimpleName === "kind");
  return parameter ? textOf(parameter.Expression!) : standard;
}

/** A string of the side that has no row is empty, not null. */
function present({ type }: Column, sql: string): string {
  return type === "string" ? `coalesce(${sql}, '')` : sql;
}

interface Key {
  sql: string;
  left: string;
  right: string;
}

/** `on Name`, or `on $left.A == $right.B`. */
function key(item: SyntaxNode, left: Rows, right: Rows, scope: Scope, translator: Translator): Key {
  if (kindOf(item) === "NameReference") {
    const [a, b] = [left, right].map(({ columns }) => columns.find(({ name }) => name === item.SimpleName)!);
    return keyOf(scalar(a!.type, `l.${a!.sql}`), scalar(b!.type, `r.${b!.sql}`), item, scope);
  }
  // The parser takes nothing but an equality, whose left side is `$left`.
  const sides = scope.between(left, right);
  const [l, r] = [item.Left!, item.Right!].map((side) => translator.scalar(side, sides));
  return keyOf(l!, r!, item, scope);
}

function keyOf(left: Scalar, right: Scalar, item: SyntaxNode, scope: Scope): Key {
  if (!binaryOperation("==", left, right) || left.type === "dynamic")
    throw scope.uncovered(`a join of ${left.type} and ${right.type}`, item);
  return { sql: `${left.sql} = ${right.sql}`, left: left.sql.slice(2), right: right.sql.slice(2) };
}

/** `innerunique` takes one row of the left side for each key: the service any, here the first by all columns. */
function firstOfEach({ sql, columns }: Rows, keys: string[]): string {
  const order = columns.filter(({ type }) => type !== "dynamic").map((column) => column.sql);
  return `SELECT DISTINCT ON (${keys.join(", ")}) * FROM (${sql}) ORDER BY ${[...keys, ...order].join(", ")}`;
}
