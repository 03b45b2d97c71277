import { all, any, known, not } from "./conditions.js";
import { commonType, convert, toText, widened } from "./convert.js";
import { scalar, type KustoType, type Scalar } from "./value.js";

/**
 * A binary operator.
 * @returns undefined where KQL or the engine has no such operator between these types.
 */
export function binaryOperation(operator: string, left: Scalar, right: Scalar): Scalar | undefined {
  switch (operator) {
    case "and":
      return logical(all, left, right);
    case "or":
      return logical(any, left, right);
    case "==":
      return equality(left, right, false);
    case "!=":
    case "<>":
      return equality(left, right, true);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return comparison(operator, left, right);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(operator, left, right);
    default:
      return stringOperation(operator, left, right);
  }
}

const bool = (sql: string) => scalar("bool", sql);

function logical(join: typeof all, left: Scalar, right: Scalar): Scalar | undefined {
  if (left.type !== "bool" || right.type !== "bool") return undefined;
  return bool(join([left.sql, right.sql]));
}

/**
 * Two nulls give null; a null and a value are not equal, which is false and not null
 * (learn.microsoft.com/kusto/query/scalar-data-types/null-values).
 */
function equality(left: Scalar, right: Scalar, isNegated: boolean): Scalar | undefined {
  const whole = wholeNumbers(left, right);
  if (whole) {
    const [exact, near] = whole.map(([a, b]) => equality(a, b, isNegated)!.sql);
    return bool(`CASE WHEN ${isFraction(left, right)} THEN ${near} ELSE ${exact} END`);
  }
  const pair = comparable(left, right);
  if (!pair) return undefined;
  const [a, b] = pair;
  if (a.text !== undefined && b.text !== undefined) return bool(known((a.text === b.text) !== isNegated));
  if (a.type === "string") return bool(`(${a.sql} ${isNegated ? "<>" : "="} ${b.sql})`);
  const distinct = `(${a.sql} IS ${isNegated ? "" : "NOT "}DISTINCT FROM ${b.sql})`;
  if (a.isLiteral || b.isLiteral) return bool(distinct);
  return bool(`CASE WHEN ${a.sql} IS NULL AND ${b.sql} IS NULL THEN NULL ELSE ${distinct} END`);
}

function comparison(operator: string, left: Scalar, right: Scalar): Scalar | undefined {
  const whole = wholeNumbers(left, right);
  if (whole) {
    const [exact, near] = whole.map(([a, b]) => comparison(operator, a, b)!.sql);
    return bool(`CASE WHEN ${isFraction(left, right)} THEN ${near} ELSE ${exact} END`);
  }
  const pair = comparable(left, right);
  if (!pair || pair[0].type === "dynamic" || pair[0].type === "bool") return undefined;
  return bool(`(${pair[0].sql} ${operator} ${pair[1].sql})`);
}

/**
 * A dynamic beside a whole number, which may hold a whole number too, of more digits than a real has, or a fraction: both
 * ways of comparing them.
 */
function wholeNumbers(left: Scalar, right: Scalar): [exact: [Scalar, Scalar], near: [Scalar, Scalar]] | undefined {
  const [dynamic, other] = left.type === "dynamic" ? [left, right] : [right, left];
  if (dynamic.type !== "dynamic" || (other.type !== "int" && other.type !== "long")) return undefined;
  const isLiteral = (each: Scalar, value: Scalar): Scalar =>
    each === other ? { ...value, isLiteral: other.isLiteral ?? false } : value;
  const both = (type: "long" | "real"): [Scalar, Scalar] => [
    isLiteral(left, convert(left, type)!),
    isLiteral(right, convert(right, type)!),
  ];
  return [both("long"), both("real")];
}

function isFraction(left: Scalar, right: Scalar): string {
  return `coalesce(json_type(${left.type === "dynamic" ? left.sql : right.sql}), '') = 'DOUBLE'`;
}

/** Both as values of one type: numbers widened, a dynamic as what it is compared with. */
function comparable(left: Scalar, right: Scalar): [Scalar, Scalar] | undefined {
  if (left.type === "dynamic" && right.type === "dynamic") return [toText(left), toText(right)];
  if (left.type === "dynamic" || right.type === "dynamic") {
    const other = left.type === "dynamic" ? right : left;
    const [a, b] = [convert(left, other.type), convert(right, other.type)];
    return a && b
      ? [
          { ...a, isLiteral: a.isLiteral ?? false },
          { ...b, isLiteral: other.isLiteral ?? false },
        ]
      : undefined;
  }
  const type = commonType([left, right]);
  return type && [widened(left, type), widened(right, type)];
}

function arithmetic(operator: string, left: Scalar, right: Scalar): Scalar | undefined {
  const [a, b] = [left.sql, right.sql];
  const types = `${left.type} ${operator} ${right.type}`;
  switch (types) {
    case "datetime + timespan":
    case "timespan + datetime":
    case "datetime - timespan":
      return scalar("datetime", `(${a} ${operator} ${b})`);
    case "datetime - datetime":
    case "timespan + timespan":
    case "timespan - timespan":
      return scalar("timespan", `(${a} ${operator} ${b})`);
    case "timespan / timespan":
      return scalar("real", `(CAST(${a} AS DOUBLE) / ${b})`);
    case "timespan % timespan":
      return scalar("timespan", `kusto_modulo(${a}, ${b})`);
  }
  if (left.type === "timespan") return scaled(operator, left, right);
  if (right.type === "timespan") return operator === "*" ? scaled("*", right, left) : undefined;
  const type = commonType([left, right]);
  if (type === "real") return real(operator, widened(left, type).sql, widened(right, type).sql);
  if (type !== "int" && type !== "long") return undefined;
  return integer(operator, widened(left, "long").sql, widened(right, "long").sql);
}

/** Integers divide towards zero, and by zero to null. */
function integer(operator: string, a: string, b: string): Scalar {
  if (operator === "%") return scalar("long", `kusto_modulo(${a}, ${b})`);
  return scalar("long", `(${a} ${operator === "/" ? "//" : operator} ${b})`);
}

function real(operator: string, a: string, b: string): Scalar {
  return scalar("real", operator === "%" ? `kusto_modulo(${a}, ${b})` : `(${a} ${operator} ${b})`);
}

/** A timespan times or divided by a number; ticks are whole. */
function scaled(operator: string, span: Scalar, factor: Scalar): Scalar | undefined {
  if (operator !== "*" && operator !== "/") return undefined;
  if (factor.type === "int" || factor.type === "long") {
    return scalar("timespan", `(${span.sql} ${operator === "/" ? "//" : "*"} CAST(${factor.sql} AS BIGINT))`);
  }
  return factor.type === "real"
    ? scalar("timespan", `CAST(trunc(${span.sql} ${operator} ${factor.sql}) AS BIGINT)`)
    : undefined;
}

const stringTests: Record<string, (a: string, b: string) => string> = {
  "=~": (a, b) => `${a} = ${b}`,
  contains: (a, b) => `contains(${a}, ${b})`,
  startswith: (a, b) => `starts_with(${a}, ${b})`,
  endswith: (a, b) => `ends_with(${a}, ${b})`,
  has: (a, b) => `${/^(lower\()?'[0-9A-Za-z]+'\)?$/.test(b) ? "kusto_has_term" : "kusto_has"}(${a}, ${b})`,
  hasprefix: (a, b) => `kusto_hasprefix(${a}, ${b})`,
  hassuffix: (a, b) => `kusto_hassuffix(${a}, ${b})`,
};

/** Operators of strings: those without `_cs` ignore case. */
function stringOperation(operator: string, left: Scalar, right: Scalar): Scalar | undefined {
  const operands: KustoType[] = ["string", "dynamic"];
  if (!operands.includes(left.type) || !operands.includes(right.type)) return undefined;
  const [a, b] = [toText(left).sql, toText(right).sql];
  if (operator === "matches regex") return bool(`regexp_matches(${a}, ${b})`);
  const isNegated = operator.startsWith("!");
  const name = operator === "!~" ? "=~" : operator.replace(/^!/, "").replace(/_cs$/, "");
  const make = stringTests[name];
  if (!make) return undefined;
  const test = operator.endsWith("_cs") ? make(a, b) : make(`lower(${a})`, `lower(${b})`);
  return bool(isNegated ? not(test) : `(${test})`);
}
