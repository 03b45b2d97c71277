import { kindOf, textOf, elements, type SyntaxNode } from "../language.js";
import { literalText, nullOf, quoted, type KustoType, type Scalar } from "./value.js";
import { datetimeTicks, timespanTicks } from "../../text/ticks.js";

/**
 * The value of a literal: `5m`, `datetime(2025-01-23)`, `"text"`, `dynamic({"a": 1})`.
 * @returns undefined for a literal that cannot be read.
 */
export function literal(node: SyntaxNode): Scalar | undefined {
  const kind = kindOf(node);
  if (kind === "DynamicExpression") return dynamicLiteral(node.Expression!);
  if (isString(node)) return literalText(String(node.LiteralValue));
  const type = literalTypes[kind];
  if (type === undefined) return undefined;
  const text = insideOfParentheses(textOf(node));
  if (text === "null") return nullOf(type);
  const sql = literalSql(type, text);
  return sql === undefined ? undefined : { sql, type, isLiteral: true };
}

const literalTypes: Record<string, KustoType> = {
  BooleanLiteralExpression: "bool",
  IntLiteralExpression: "int",
  LongLiteralExpression: "long",
  RealLiteralExpression: "real",
  DateTimeLiteralExpression: "datetime",
  TimespanLiteralExpression: "timespan",
};

/** `long(5)` is `5`. */
function insideOfParentheses(text: string): string {
  const match = /^\w+\s*\(([\s\S]*)\)$/.exec(text);
  return (match ? match[1]! : text).trim();
}

function literalSql(type: KustoType, text: string): string | undefined {
  switch (type) {
    case "bool":
      return /^true$/i.test(text) || text === "1"
        ? "TRUE"
        : /^false$/i.test(text) || text === "0"
          ? "FALSE"
          : undefined;
    case "int":
    case "long": {
      const digits = text.replace(/^([-+]?)\s+/, "$1");
      if (!/^[-+]?(0x[\da-f]+|\d+)$/i.test(digits)) return undefined;
      const negative = digits.startsWith("-");
      const value = BigInt(digits.replace(/^[-+]/, "")) * (negative ? -1n : 1n);
      return `CAST(${value} AS ${type === "int" ? "INTEGER" : "BIGINT"})`;
    }
    case "real":
      if (/^nan$/i.test(text)) return "CAST('nan' AS DOUBLE)";
      if (/^[-+]?\s*inf$/i.test(text)) return `CAST('${text.startsWith("-") ? "-" : ""}inf' AS DOUBLE)`;
      return Number.isFinite(Number(text)) && text !== "" ? `CAST(${quoted(text)} AS DOUBLE)` : undefined;
    case "datetime": {
      const ticks = datetimeTicks(unquoted(text));
      return ticks === undefined ? undefined : `CAST(${ticks} AS BIGINT)`;
    }
    case "timespan": {
      const ticks = timespanTicks(unquoted(text));
      return ticks === undefined ? undefined : `CAST(${ticks} AS BIGINT)`;
    }
    default:
      return undefined;
  }
}

function unquoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, "$2");
}

function dynamicLiteral(node: SyntaxNode): Scalar | undefined {
  const json = jsonOf(node);
  if (json === undefined) return undefined;
  if (json === "null") return nullOf("dynamic");
  const value: Scalar = { sql: `CAST(${quoted(json)} AS JSON)`, type: "dynamic", isLiteral: true };
  if (kindOf(node) === "JsonArrayExpression") return { ...value, ...stringsOf(node) };
  if (kindOf(node) !== "JsonObjectExpression") return value;
  return { ...value, literalBag: new Map(members(node).map(({ key, json: member }) => [key, member!])) };
}

function stringsOf(array: SyntaxNode): Pick<Scalar, "literalItems"> {
  const items = elements(array.Values);
  if (!items.every(isString)) return {};
  return { literalItems: items.map((item) => String(item.LiteralValue)) };
}

function isString(node: SyntaxNode): boolean {
  return ["StringLiteralExpression", "CompoundStringLiteralExpression"].includes(kindOf(node));
}

/** The JSON of what stands in `dynamic(…)`. */
function jsonOf(node: SyntaxNode): string | undefined {
  switch (kindOf(node)) {
    case "JsonObjectExpression": {
      const pairs = members(node).map(({ key, json }) =>
        json === undefined ? undefined : `${JSON.stringify(key)}:${json}`,
      );
      return pairs.includes(undefined) ? undefined : `{${pairs.join(",")}}`;
    }
    case "JsonArrayExpression": {
      const values = elements(node.Values).map(jsonOf);
      return values.includes(undefined) ? undefined : `[${values.join(",")}]`;
    }
    case "NullLiteralExpression":
      return "null";
    case "StringLiteralExpression":
    case "CompoundStringLiteralExpression":
      return JSON.stringify(String(node.LiteralValue));
    case "UnaryMinusExpression": {
      const value = jsonOf(node.Expression!);
      return value === undefined ? undefined : `-${value}`;
    }
    case "BooleanLiteralExpression":
      return textOf(node).toLowerCase();
    case "LongLiteralExpression":
    case "RealLiteralExpression":
      return /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i.test(textOf(node)) ? textOf(node) : undefined;
    default:
      return undefined;
  }
}

function members(node: SyntaxNode): { key: string; json: string | undefined }[] {
  return elements((node as { Pairs?: SyntaxNode }).Pairs).map((pair) => {
    const { Name, Value } = pair as unknown as { Name: SyntaxNode; Value: SyntaxNode };
    return { key: keyOf(Name), json: jsonOf(Value) };
  });
}

/** A key is a token: its text has the quotes of the source. */
function keyOf(name: SyntaxNode): string {
  const { ValueText } = name as { ValueText?: string };
  return ValueText ?? unquoted(name.Text ?? "");
}
