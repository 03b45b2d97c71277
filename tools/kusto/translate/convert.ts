import { nullOf, quoted, scalar, sqlType, type KustoType, type Scalar } from "./value.js";

/**
 * Converts between types as `tostring()`, `tolong()` and their kin do: what cannot be converted is null (or the empty
 * string).
 * @returns undefined where KQL has no such conversion.
 */
export function convert(value: Scalar, type: KustoType): Scalar | undefined {
  if (value.type === type) return value;
  const { sql } = value;
  switch (type) {
    case "string":
      return toText(value);
    case "dynamic":
      return toDynamic(value);
    case "bool":
      return bySource(value, type, {
        string: `kusto_parse_bool(${sql})`,
        dynamic: `kusto_dynamic_bool(${sql})`,
        number: `(${sql} <> 0)`,
      });
    case "int":
    case "long": {
      const cast = (long: string) => (type === "int" ? `try_cast(${long} AS INTEGER)` : long);
      switch (value.type) {
        case "string":
          return scalar(type, cast(`kusto_parse_long(${sql})`));
        case "dynamic":
          return scalar(type, cast(`kusto_dynamic_long(${sql})`));
        case "real":
          return scalar(type, `try_cast(trunc(${sql}) AS ${sqlType(type)})`);
        default:
          return scalar(type, `try_cast(${sql} AS ${sqlType(type)})`);
      }
    }
    case "real":
      return bySource(value, type, {
        string: `kusto_parse_real(${sql})`,
        dynamic: `kusto_dynamic_real(${sql})`,
        number: `CAST(${sql} AS DOUBLE)`,
        bool: `CAST(${sql} AS DOUBLE)`,
      });
    case "datetime":
      return bySource(value, type, {
        string: `kusto_parse_datetime(${sql})`,
        dynamic: `kusto_parse_datetime(${toText(value).sql})`,
      });
    case "timespan":
      return bySource(value, type, {
        string: `kusto_parse_timespan(${sql})`,
        dynamic: `kusto_parse_timespan(${toText(value).sql})`,
      });
  }
}

function bySource(
  value: Scalar,
  type: KustoType,
  sources: Partial<Record<KustoType | "number", string>>,
): Scalar | undefined {
  const isNumber = value.type === "int" || value.type === "long" || value.type === "real";
  const sql = sources[value.type] ?? (isNumber ? sources.number : undefined);
  return sql === undefined ? undefined : scalar(type, sql);
}

/** `tostring()`: a null is the empty string. */
export function toText(value: Scalar): Scalar {
  const { sql } = value;
  switch (value.type) {
    case "string":
      return value;
    case "dynamic":
      if (value.member)
        return scalar("string", `coalesce(json_extract_string(${value.member.of}, ${value.member.path}), '')`);
      return scalar("string", `coalesce(json_extract_string(${sql}, '$'), '')`);
    case "datetime":
      return scalar("string", `kusto_datetime_text(${sql})`);
    case "timespan":
      return scalar("string", `kusto_timespan_text(${sql})`);
    default:
      return scalar("string", `coalesce(CAST(${sql} AS VARCHAR), '')`);
  }
}

/** The value as JSON: times as their text, a null as null. */
export function toDynamic(value: Scalar): Scalar {
  if (value.type === "dynamic") return value;
  const isTime = value.type === "datetime" || value.type === "timespan";
  if (!isTime) return scalar("dynamic", `to_json(${value.sql})`);
  return scalar("dynamic", `CASE WHEN ${value.sql} IS NULL THEN NULL ELSE to_json(${toText(value).sql}) END`);
}

const widths: Partial<Record<KustoType, number>> = { int: 1, long: 2, real: 3 };

/**
 * The one type that values have together: their own, or the widest of numbers. A null literal of any type is no
 * obstacle.
 * @returns undefined where there is none.
 */
export function commonType(values: readonly Scalar[]): KustoType | undefined {
  const types = [...new Set(values.map(({ type }) => type))];
  if (types.length === 1) return types[0];
  if (types.some((type) => widths[type] === undefined)) return undefined;
  return types.reduce((a, b) => (widths[a]! >= widths[b]! ? a : b));
}

/** The value as a wider number. */
export function widened(value: Scalar, type: KustoType): Scalar {
  return value.type === type ? value : { ...value, type, sql: `CAST(${value.sql} AS ${sqlType(type)})` };
}

/** A dynamic's member: by key, or by position (from the end where negative). */
export function member(of: Scalar, key: string | number): Scalar {
  const path = typeof key === "number" ? `'$[${key < 0 ? `#${key}` : key}]'` : keyPath(key);
  return { type: "dynamic", sql: `kusto_not_null(json_extract(${of.sql}, ${path}))`, member: { of: of.sql, path } };
}

function keyPath(key: string): string {
  if (/["\\*]/.test(key) || key === "") return quoted(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return quoted(`$."${key}"`);
}

/** The member that a computed key names. */
export function computedMember(of: Scalar, key: Scalar): Scalar | undefined {
  if (of.literalBag && key.type === "string") {
    const entries = [...of.literalBag].map(([name, json]) => `${quoted(name)}: ${quoted(json)}`);
    if (entries.length === 0) return nullOf("dynamic");
    return scalar("dynamic", `kusto_not_null(CAST(map {${entries.join(", ")}}[${key.sql}] AS JSON))`);
  }
  if (key.type === "string") return scalar("dynamic", `kusto_member(${of.sql}, ${key.sql})`);
  if (key.type === "int" || key.type === "long") return scalar("dynamic", `kusto_item(${of.sql}, ${key.sql})`);
  return undefined;
}
