import { firstOf, known, not } from "./conditions.js";
import { commonType, convert, toDynamic, toText, widened } from "./convert.js";
import { dateFunctions } from "./date-functions.js";
import { nullOf, quoted, scalar, type KustoType, type Scalar } from "./value.js";

/**
 * Makes the SQL of a call.
 * @returns undefined for arguments that the function does not cover.
 */
export type ScalarFunction = (args: Scalar[], context: CallContext) => Scalar | undefined;

export interface CallContext {
  /** The query's time in ticks, as SQL. */
  now: string;
}

/** The value of an argument that has to be a literal number. */
export function literalNumber(value: Scalar | undefined): number | undefined {
  const match = value?.isLiteral ? /^CAST\('?(-?[\d.e+-]+)'? AS/i.exec(value.sql) : null;
  return match ? Number(match[1]) : undefined;
}

const text = (sql: string) => scalar("string", sql);
const long = (sql: string) => scalar("long", sql);
const real = (sql: string) => scalar("real", sql);
const bool = (sql: string) => scalar("bool", sql);
const dynamic = (sql: string) => scalar("dynamic", sql);

/** A function whose arguments are converted to given types; those after `required` may be missing. */
function typed(types: KustoType[], make: (...sql: string[]) => Scalar, required = types.length): ScalarFunction {
  return (args) => {
    if (args.length < required || args.length > types.length) return undefined;
    const converted = args.map((arg, index) => implicit(arg, types[index]!));
    return converted.includes(undefined) ? undefined : make(...converted.map((arg) => arg!.sql));
  };
}

/** Arguments of these functions may be dynamic, or a narrower number. */
function implicit(value: Scalar, type: KustoType): Scalar | undefined {
  const numbers = ["int", "long", "real"];
  if (value.type === type || value.type === "dynamic") return convert(value, type);
  return numbers.includes(value.type) && numbers.includes(type) ? convert(value, type) : undefined;
}

const conversion =
  (type: KustoType): ScalarFunction =>
  ([value]) =>
    value && convert(value, type);

const isNull = (value: Scalar) => (value.type === "string" ? "FALSE" : `(${value.sql} IS NULL)`);

function isEmpty(value: Scalar): string {
  if (value.text !== undefined) return known(value.text === "");
  if (value.type === "string") return `(${value.sql} = '')`;
  if (value.type === "dynamic" && value.sql === nullOf("dynamic").sql) return known(true);
  if (value.literalItems) return known(false);
  return value.type === "dynamic" ? `(${toText(value).sql} = '')` : isNull(value);
}

/** The first value that is not null, and not the empty string. */
const coalesce: ScalarFunction = (args) => {
  const type = commonType(args);
  if (!type) return undefined;
  if (type === "string") {
    const last = args.at(-1)!.sql;
    const before = args.slice(0, -1).map(({ sql }) => `nullif(${sql}, '')`);
    return text(`coalesce(${[...before, last].join(", ")})`);
  }
  return scalar(type, `coalesce(${args.map((arg) => widened(arg, type).sql).join(", ")})`);
};

function choice(conditions: Scalar[], values: Scalar[]): Scalar | undefined {
  const type = commonType(values);
  if (!type || conditions.some((condition) => condition.type !== "bool")) return undefined;
  const results = values.map((value) => widened(value, type).sql);
  const branches = conditions.map(({ sql }, index) => ({ condition: sql, value: results[index]! }));
  return scalar(type, firstOf(branches, results.at(-1)!));
}

/** Both ends count. Of times the step is a timespan. */
const range: ScalarFunction = ([from, to, step]) => {
  if (!from || !to || from.type !== to.type) return undefined;
  const isTime = from.type === "datetime" || from.type === "timespan";
  const isWhole = (value: Scalar) => value.type === "int" || value.type === "long";
  if (isTime ? step?.type !== "timespan" : !isWhole(from) || (step && !isWhole(step))) return undefined;
  const [a, b, by] = [from.sql, to.sql, step?.sql ?? "1"].map((sql) => `CAST(${sql} AS BIGINT)`);
  const item = toDynamic(scalar(isTime ? from.type : "long", "x")).sql;
  return dynamic(`to_json(list_transform(generate_series(${a}, ${b}, ${by}), lambda x: ${item}))`);
};

const iff: ScalarFunction = ([condition, ...values]) =>
  condition && values.length === 2 ? choice([condition], values) : undefined;

const caseOf: ScalarFunction = (args) => {
  if (args.length < 3 || args.length % 2 === 0) return undefined;
  const conditions = args.filter((_, index) => index % 2 === 0 && index < args.length - 1);
  return choice(
    conditions,
    args.filter((_, index) => index % 2 === 1 || index === args.length - 1),
  );
};

/** Nulls are passed over. */
const extreme =
  (sqlFunction: "greatest" | "least"): ScalarFunction =>
  (args) => {
    const type = commonType(args);
    if (!type || type === "dynamic") return undefined;
    return scalar(type, `${sqlFunction}(${args.map((arg) => widened(arg, type).sql).join(", ")})`);
  };

/** `bin()`, which `floor()` is another name of. */
export const bin: ScalarFunction = ([value, size]) => {
  if (!value || !size) return undefined;
  const isTime = value.type === "datetime" || value.type === "timespan";
  if (isTime)
    return size.type === "timespan" ? scalar(value.type, `kusto_bin_integer(${value.sql}, ${size.sql})`) : undefined;
  const type = commonType([value, size]);
  if (type === "int" || type === "long") {
    return long(`CAST(kusto_bin_integer(${value.sql}, ${size.sql}) AS BIGINT)`);
  }
  return type === "real" ? real(`kusto_bin_real(${widened(value, type).sql}, ${widened(size, type).sql})`) : undefined;
};

const round: ScalarFunction = ([value, digits]) => {
  if (!value || !["int", "long", "real"].includes(value.type)) return undefined;
  if (value.type !== "real")
    return digits ? long(`CAST(round(${value.sql}, CAST(${digits.sql} AS INTEGER)) AS BIGINT)`) : value;
  return real(digits ? `round(${value.sql}, CAST(${digits.sql} AS INTEGER))` : `round(${value.sql})`);
};

/** A function of one real. */
const ofReal = (sqlFunction: string) => typed(["real"], (x) => real(`${sqlFunction}(${x})`));

const sameType =
  (sqlFunction: string): ScalarFunction =>
  ([value]) =>
    value && ["int", "long", "real", "timespan"].includes(value.type)
      ? scalar(value.type, `${sqlFunction}(${value.sql})`)
      : undefined;

const strcat: ScalarFunction = (args) => text(`(${args.map((arg) => toText(arg).sql).join(" || ")})`);

/** Arguments in pairs of key and value. */
const bagPack: ScalarFunction = (args) => {
  if (args.length % 2 === 1) return undefined;
  const parts = args.map((arg, index) => (index % 2 === 0 ? toText(arg) : toDynamic(arg)).sql);
  return dynamic(`json_object(${parts.join(", ")})`);
};

const bagMerge: ScalarFunction = (args) => {
  if (args.length < 2 || args.some(({ type }) => type !== "dynamic")) return undefined;
  return dynamic(args.map(({ sql }) => sql).reduce((merged, bag) => `kusto_bag_merge(${merged}, ${bag})`));
};

/** Trims matches of a regular expression off the ends. */
const trim = (atStart: boolean, atEnd: boolean) =>
  typed(["string", "string"], (regex, source) => {
    const start = atStart ? `regexp_replace(${source}, '^(?:' || ${regex} || ')+', '')` : source;
    return text(atEnd ? `regexp_replace(${start}, '(?:' || ${regex} || ')+$', '')` : start);
  });

const extract: ScalarFunction = ([regex, group, source, type]) => {
  if (!regex || !group || !source || regex.type !== "string") return undefined;
  const index = literalNumber(group);
  if (index === undefined) return undefined;
  const found = text(`regexp_extract(${toText(source).sql}, ${regex.sql}, ${index})`);
  return type === undefined ? found : convert(found, type.type);
};

const extractAll: ScalarFunction = (args) => {
  const [regex, source] = args;
  if (args.length !== 2 || regex?.text === undefined || !source) return undefined;
  // Groups of several captures would be arrays of arrays.
  if ((regex.text.replaceAll(/\\.|\[[^\]]*\]/g, "").match(/\((?!\?)/g) ?? []).length !== 1) return undefined;
  return dynamic(`to_json(regexp_extract_all(${toText(source).sql}, ${regex.sql}, 1))`);
};

const split: ScalarFunction = ([source, delimiter, index]) => {
  if (!source || !delimiter) return undefined;
  const parts = `string_split(${toText(source).sql}, ${toText(delimiter).sql})`;
  if (!index) return dynamic(`to_json(${parts})`);
  const at = literalNumber(index);
  return at === undefined ? undefined : dynamic(`to_json(list_slice(${parts}, ${at + 1}, ${at + 1}))`);
};

const indexof: ScalarFunction = (args) =>
  args.length === 2 ? long(`(strpos(${toText(args[0]!).sql}, ${toText(args[1]!).sql}) - 1)`) : undefined;

/** The bytes that values take, near enough: the service has an estimate of its own. */
const dataSize: ScalarFunction = (args) => {
  const sizes = args.map((arg) => {
    if (arg.type === "string") return `octet_length(encode(${arg.sql}))`;
    if (arg.type === "dynamic") return `coalesce(octet_length(encode(CAST(${arg.sql} AS VARCHAR))), 0)`;
    return arg.type === "bool" ? "1" : arg.type === "int" ? "4" : "8";
  });
  return long(`CAST(${sizes.join(" + ")} AS BIGINT)`);
};

const getType: ScalarFunction = ([value]) => {
  if (!value) return undefined;
  if (value.type === "dynamic") return text(`kusto_gettype(${value.sql})`);
  return text(quoted(value.type === "real" ? "double" : value.type));
};

const ofStrings = (make: (list: string) => Scalar): ScalarFunction =>
  typed(["dynamic"], (value) => make(`kusto_strings(${value})`));

const setOperation = (make: (a: string, b: string) => string) =>
  typed(["dynamic", "dynamic"], (a, b) => {
    const list = (value: string) => `list_distinct(list_transform(kusto_list(${value}), lambda x: CAST(x AS VARCHAR)))`;
    return dynamic(`CAST('[' || array_to_string(list_sort(${make(list(a), list(b))}), ',') || ']' AS JSON)`);
  });

/** The scalar functions that the engine covers, by name. */
export const scalarFunctions: Record<string, ScalarFunction> = {
  tostring: conversion("string"),
  tobool: conversion("bool"),
  toboolean: conversion("bool"),
  toint: conversion("int"),
  tolong: conversion("long"),
  toreal: conversion("real"),
  todouble: conversion("real"),
  todatetime: conversion("datetime"),
  totimespan: conversion("timespan"),
  todynamic: ([value]) =>
    value?.type === "string" ? dynamic(`kusto_parse_json(${value.sql})`) : value && toDynamic(value),
  gettype: getType,

  isempty: ([value]) => value && bool(isEmpty(value)),
  isnotempty: ([value]) => value && bool(not(isEmpty(value))),
  isnull: ([value]) => value && bool(isNull(value)),
  isnotnull: ([value]) => value && bool(`(NOT ${isNull(value)})`),
  not: typed(["bool"], (value) => bool(not(value))),
  coalesce,
  iff,
  case: caseOf,
  max_of: extreme("greatest"),
  min_of: extreme("least"),

  bin,
  floor: bin,
  ceiling: ([value]) =>
    value?.type === "real" ? real(`ceil(${value.sql})`) : value && sameType("")([value], { now: "" }),
  round,
  abs: sameType("abs"),
  sign: typed(["real"], (x) => real(`CAST(sign(${x}) AS DOUBLE)`)),
  sqrt: typed(["real"], (x) => real(`CASE WHEN ${x} >= 0 THEN sqrt(${x}) ELSE CAST('nan' AS DOUBLE) END`)),
  exp: ofReal("exp"),
  log: typed(["real"], (x) =>
    real(`CASE WHEN ${x} > 0 THEN ln(${x}) WHEN ${x} = 0 THEN CAST('-inf' AS DOUBLE) ELSE CAST('nan' AS DOUBLE) END`),
  ),
  log2: typed(["real"], (x) =>
    real(`CASE WHEN ${x} > 0 THEN log2(${x}) WHEN ${x} = 0 THEN CAST('-inf' AS DOUBLE) ELSE CAST('nan' AS DOUBLE) END`),
  ),
  log10: typed(["real"], (x) =>
    real(
      `CASE WHEN ${x} > 0 THEN log10(${x}) WHEN ${x} = 0 THEN CAST('-inf' AS DOUBLE) ELSE CAST('nan' AS DOUBLE) END`,
    ),
  ),
  pow: typed(["real", "real"], (x, y) => real(`pow(${x}, ${y})`)),
  isnan: typed(["real"], (x) => bool(`isnan(${x})`)),
  isinf: typed(["real"], (x) => bool(`isinf(${x})`)),
  isfinite: typed(["real"], (x) => bool(`isfinite(${x})`)),

  strcat,
  strlen: typed(["string"], (s) => long(`length(${s})`)),
  string_size: typed(["string"], (s) => long(`CAST(octet_length(encode(${s})) AS BIGINT)`)),
  tolower: typed(["string"], (s) => text(`lower(${s})`)),
  toupper: typed(["string"], (s) => text(`upper(${s})`)),
  reverse: typed(["string"], (s) => text(`reverse(${s})`)),
  substring: typed(
    ["string", "long", "long"],
    (s, start, length) => text(`kusto_substring(${s}, ${start}, ${length ?? `length(${s})`})`),
    2,
  ),
  indexof,
  countof: (args) =>
    args.length === 2
      ? typed(["string", "string"], (s, part) => long(`kusto_countof(${s}, ${part})`))(args, { now: "" })
      : undefined,
  replace_string: typed(["string", "string", "string"], (s, from, to) =>
    text(`CASE WHEN ${from} = '' THEN ${s} ELSE replace(${s}, ${from}, ${to}) END`),
  ),
  replace_regex: typed(["string", "string", "string"], (s, regex, to) =>
    text(`regexp_replace(${s}, ${regex}, ${to}, 'g')`),
  ),
  trim: trim(true, true),
  trim_start: trim(true, false),
  trim_end: trim(false, true),
  extract,
  extract_all: extractAll,
  split,
  strcat_delim: ([delimiter, ...parts]) =>
    delimiter && text(`(${parts.map((part) => toText(part).sql).join(` || ${toText(delimiter).sql} || `)})`),
  strcat_array: ([array, delimiter]) =>
    array &&
    delimiter &&
    ofStrings((list) => text(`coalesce(array_to_string(${list}, ${delimiter.sql}), '')`))([array], { now: "" }),
  // Both leave letters, digits and -._~ as they are, and write the rest as the bytes of UTF-8.
  url_encode_component: typed(["string"], (s) => text(`url_encode(${s})`)),
  parse_url: typed(["string"], (url) => dynamic(`kusto_parse_url(${url})`)),
  parse_ipv4: typed(["string"], (s) => long(`kusto_parse_ipv4(${s})`)),
  ipv4_is_in_range: typed(["string", "string"], (s, range) => bool(`kusto_ipv4_is_in_range(${s}, ${range})`)),
  ipv4_is_private: typed(["string"], (s) =>
    bool(
      `(${["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((range) => `kusto_ipv4_is_in_range(${s}, '${range}')`).join(" OR ")})`,
    ),
  ),

  has_ipv4_prefix: typed(["string", "string"], (s, prefix) => bool(`kusto_has_ipv4_prefix(${s}, ${prefix})`)),
  has_any_ipv4_prefix: ([source, ...prefixes]) => {
    if (source?.type !== "string" || prefixes.length === 0) return undefined;
    const tests = prefixes.map(({ type, sql }) =>
      type === "dynamic"
        ? `coalesce(list_bool_or(list_transform(kusto_strings(${sql}), lambda p: kusto_has_ipv4_prefix(${source.sql}, p))), FALSE)`
        : `kusto_has_ipv4_prefix(${source.sql}, ${sql})`,
    );
    return bool(`(${tests.join(" OR ")})`);
  },

  array_length: typed(["dynamic"], (array) => long(`kusto_array_length(${array})`)),
  range,
  array_concat: (args) =>
    args.some(({ type }) => type !== "dynamic")
      ? undefined
      : dynamic(`to_json(list_concat(${args.map(({ sql }) => `kusto_items(${sql})`).join(", ")}))`),
  array_sort_asc: (args) =>
    args.length === 1 ? ofStrings((list) => dynamic(`to_json(list_sort(${list}))`))(args, { now: "" }) : undefined,
  set_union: setOperation((a, b) => `list_distinct(list_concat(${a}, ${b}))`),
  set_intersect: setOperation((a, b) => `list_intersect(${a}, ${b})`),
  set_difference: setOperation((a, b) => `list_filter(${a}, lambda y: NOT list_contains(${b}, y))`),
  set_has_element: ([set, value]) =>
    set?.type === "dynamic" && value
      ? bool(
          `coalesce(list_contains(list_transform(kusto_list(${set.sql}), lambda x: CAST(x AS VARCHAR)), CAST(${toDynamic(value).sql} AS VARCHAR)), FALSE)`,
        )
      : undefined,
  pack_array: (args) => dynamic(`json_array(${args.map((arg) => toDynamic(arg).sql).join(", ")})`),
  bag_pack: bagPack,
  bag_keys: typed(["dynamic"], (bag) => dynamic(`kusto_bag_keys(${bag})`)),
  bag_has_key: typed(["dynamic", "string"], (bag, key) =>
    bool(`coalesce(list_contains(json_keys(${bag}), ${key}), FALSE)`),
  ),
  bag_merge: bagMerge,
  bag_remove_keys: typed(["dynamic", "dynamic"], (bag, keys) =>
    dynamic(`kusto_bag_remove_keys(${bag}, kusto_strings(${keys}))`),
  ),

  estimate_data_size: dataSize,

  now: ([offset], { now }) => scalar("datetime", offset ? `(${now} + ${offset.sql})` : now),
  ago: ([offset], { now }) =>
    offset?.type === "timespan" ? scalar("datetime", `(${now} - ${offset.sql})`) : undefined,
  ...dateFunctions,
};

// Other names of the same.
Object.assign(scalarFunctions, {
  iif: iff,
  parse_json: scalarFunctions.todynamic,
  toobject: scalarFunctions.todynamic,
  pack: bagPack,
  notempty: scalarFunctions.isnotempty,
  notnull: scalarFunctions.isnotnull,
  pack_dictionary: bagPack,
});
