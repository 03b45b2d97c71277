import { elements, kindOf, textOf, type SyntaxNode } from "../language.js";
import type { Operator } from "./rows.js";
import type { Scope } from "./scope.js";
import type { Translator } from "./translator.js";
import type { Rows } from "./value.js";

/** Wider rows than this are those of the table itself, where breaking ties by all columns would cost too much. */
const widestTieBreak = 40;

/** A term of `order by`: descending unless told otherwise, nulls last in descending and first in ascending order. */
function term(node: SyntaxNode, scope: Scope, translator: Translator): string {
  const isOrdered = kindOf(node) === "OrderedExpression";
  const value = translator.scalar(isOrdered ? node.Expression! : node, scope);
  if (value.type === "dynamic") throw scope.uncovered("sorting by a dynamic", node);
  const ordering = isOrdered ? node.Ordering : undefined;
  const direction = ordering?.AscOrDescKeyword ? textOf(ordering.AscOrDescKeyword) : "desc";
  const nulls = ordering?.NullsClause
    ? textOf(ordering.NullsClause).split(" ").at(-1)!
    : direction === "asc"
      ? "first"
      : "last";
  return `${value.sql} ${direction.toUpperCase()} NULLS ${nulls.toUpperCase()}`;
}

/** The service promises no order among equals; here it is by the other columns, so that the same rows give the same. */
function withTies(terms: string[], { columns }: Rows): string[] {
  if (columns.length > widestTieBreak) return terms;
  const others = columns.filter(
    ({ type, sql }) => type !== "dynamic" && !terms.some((each) => each.startsWith(`${sql} `)),
  );
  return [...terms, ...others.map(({ sql }) => `${sql} ASC NULLS FIRST`)];
}

export const sort: Operator = (input, node, scope, translator) => {
  const order = withTies(
    elements(node.Expressions).map((item) => term(item, scope, translator)),
    input,
  );
  return { ...input, sql: `SELECT * FROM (${input.sql}) ORDER BY ${order.join(", ")}`, order };
};

export const top: Operator = (input, node, scope, translator) => {
  const count = translator.scalar(node.Expression!, scope.withoutRows());
  if (count.type !== "long" && count.type !== "int") throw scope.uncovered(`top ${count.type}`, node);
  const order = withTies([term(node.ByExpression!, scope, translator)], input);
  return { ...input, sql: `SELECT * FROM (${input.sql}) ORDER BY ${order.join(", ")} LIMIT ${count.sql}`, order };
};

export const take: Operator = (input, node, scope, translator) => {
  const count = translator.scalar(node.Expression!, scope.withoutRows());
  if (count.type !== "long" && count.type !== "int") throw scope.uncovered(`take ${count.type}`, node);
  return { ...input, sql: `SELECT * FROM (${input.sql}) LIMIT ${count.sql}` };
};
