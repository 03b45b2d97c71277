import { elements, kindOf, type SyntaxNode } from "../language.js";
import { aggregates } from "./aggregates.js";
import type { Operator } from "./rows.js";
import type { Scope } from "./scope.js";
import { resultColumns, type Translator } from "./translator.js";
import { scalar, type Rows, type Scalar } from "./value.js";

/**
 * `summarize`: groups by values, of which null is one. Without `by` there is one row even of no rows; with it there is
 * none. The columns are those of `by`, then those of the aggregates.
 */
export const summarize: Operator = (input, node, scope, translator) => {
  const keys = elements(node.ByClause?.Expressions).map((item) => translator.scalar(item, scope));
  const keyNames = elements(node.ByClause?.Expressions).map(({ SimpleName }) => SimpleName);
  const rest = { ...input, columns: input.columns.filter(({ name }) => !keyNames.includes(name)) };
  const values = elements(node.Aggregates).flatMap((item) => aggregated(item, rest, scope, translator));
  const results = resultColumns(node);
  const all = [...keys, ...values];
  const columns = all.map(({ type }, index) => translator.column(results[index]!.name, type));
  if (values.length === 0) {
    const list = keys.map(({ sql }, index) => `${sql} AS ${columns[index]!.sql}`);
    return { sql: `SELECT DISTINCT ${list.join(", ")} FROM (${input.sql})`, columns };
  }
  const list = all.map(({ sql }, index) => `${sql} AS ${columns[index]!.sql}`);
  // By position: an expression twice in the statement need not be the same to DuckDB.
  const by = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(", ")}` : "";
  return { sql: `SELECT ${list.join(", ")} FROM (${input.sql})${by}`, columns };
};

/** The values of one item: an aggregate, several at once, or an expression over aggregates such as `sum(A) / count()`. */
function aggregated(item: SyntaxNode, input: Rows, scope: Scope, translator: Translator): Scalar[] {
  const node =
    kindOf(item) === "SimpleNamedExpression" || kindOf(item) === "CompoundNamedExpression" ? item.Expression! : item;
  const name = node.Name?.SimpleName;
  const aggregate = name !== undefined && Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
  if (aggregate) return values(node, aggregate, input, scope, translator);
  return [
    translator.scalar(
      node,
      scope.withAggregates((call) => {
        const inner = Object.hasOwn(aggregates, call.Name!.SimpleName!)
          ? aggregates[call.Name!.SimpleName!]
          : undefined;
        return inner && values(call, inner, input, scope, translator)[0];
      }),
    ),
  ];
}

function values(
  call: SyntaxNode,
  aggregate: (typeof aggregates)[string],
  input: Rows,
  scope: Scope,
  translator: Translator,
): Scalar[] {
  const args = elements(call.ArgumentList!.Expressions).flatMap((argument) => {
    if (kindOf(argument) !== "StarExpression") return [translator.scalar(argument, scope)];
    // `*` is every column but those that have been named, here or behind `by`.
    const named = elements(call.ArgumentList!.Expressions).map((other) => other.SimpleName);
    return input.columns.filter(({ name }) => !named.includes(name)).map(({ type, sql }) => scalar(type, sql));
  });
  const result = aggregate(args, { order: input.order ?? [] });
  if (!result) throw scope.uncovered(`${call.Name!.SimpleName}(${args.map(({ type }) => type).join(", ")})`, call);
  return result;
}
