import { toDynamic, widened } from "./convert.js";
import { literalNumber } from "./scalar-functions.js";
import { scalar, type KustoType, type Scalar } from "./value.js";

/** What stands around an aggregate. */
export interface AggregateContext {
  /** What the rows are sorted by, as terms of ORDER BY. */
  order: string[];
}

/**
 * Makes the SQL of an aggregate: one value, or one for each column that it gives.
 * @returns undefined for arguments that it does not cover.
 */
export type Aggregate = (args: Scalar[], context: AggregateContext) => Scalar[] | undefined;

const long = (sql: string) => [scalar("long", sql)];

/** The `…if` variant of an aggregate, whose last argument is the condition. */
type Filtered = (args: Scalar[], filter: string, context: AggregateContext) => Scalar[] | undefined;

const always =
  (aggregate: Filtered): Aggregate =>
  (args, context) =>
    aggregate(args, "", context);

/** @param at where the condition stands among the arguments. */
const when =
  (aggregate: Filtered, at = 1): Aggregate =>
  (args, context) => {
    const condition = args[at];
    if (condition?.type !== "bool") return undefined;
    return aggregate(
      args.filter((_, index) => index !== at),
      ` FILTER (WHERE ${condition.sql})`,
      context,
    );
  };

const isNumber = (type: KustoType) => type === "int" || type === "long" || type === "real";

const count: Filtered = (args, filter) => (args.length === 0 ? long(`count(*)${filter}`) : undefined);

const sum: Filtered = ([value], filter) => {
  if (!value || (!isNumber(value.type) && value.type !== "timespan")) return undefined;
  if (value.type === "real") return [scalar("real", `coalesce(sum(${value.sql})${filter}, 0)`)];
  return [
    scalar(value.type === "int" ? "long" : value.type, `CAST(coalesce(sum(${value.sql})${filter}, 0) AS BIGINT)`),
  ];
};

/** Of nothing it is not a number, as the service's documentation shows. */
const avg: Filtered = ([value], filter) => {
  if (!value) return undefined;
  if (isNumber(value.type)) return [scalar("real", `coalesce(avg(${value.sql})${filter}, CAST('nan' AS DOUBLE))`)];
  if (value.type !== "timespan") return undefined;
  return [scalar("timespan", `CAST(trunc(avg(${value.sql})${filter}) AS BIGINT)`)];
};

const extreme =
  (sqlFunction: "min" | "max"): Filtered =>
  ([value], filter) => {
    if (!value || value.type === "dynamic" || value.type === "bool") return undefined;
    const sql = `${sqlFunction}(${value.sql})${filter}`;
    return [scalar(value.type, value.type === "string" ? `coalesce(${sql}, '')` : sql)];
  };

/** Exact, where the service estimates. */
const dcount: Filtered = ([value], filter) =>
  value
    ? long(`count(DISTINCT ${value.type === "dynamic" ? `CAST(${value.sql} AS VARCHAR)` : value.sql})${filter}`)
    : undefined;

/** The service promises no order; here they are sorted, so that the same rows give the same set. */
const makeSet: Filtered = ([value, size], filter) => {
  if (!value) return undefined;
  const limit = size === undefined ? undefined : literalNumber(size);
  if (size !== undefined && limit === undefined) return undefined;
  const isDynamic = value.type === "dynamic";
  // Of arrays it is the set of their elements.
  const collected = isDynamic
    ? `flatten(list(kusto_items(${value.sql}))${notNull(value, filter)})`
    : `list(DISTINCT ${value.sql})${notNull(value, filter)}`;
  const items = isDynamic ? `list_distinct(list_transform(${collected}, lambda x: CAST(x AS VARCHAR)))` : collected;
  const sorted = `list_sort(${items})`;
  const cut = limit === undefined ? sorted : `list_slice(${sorted}, 1, ${limit})`;
  return [scalar("dynamic", `coalesce(${jsonArray(cut, value.type)}, CAST('[]' AS JSON))`)];
};

const makeList: Filtered = ([value, size], filter, { order }) => {
  if (!value) return undefined;
  const limit = size === undefined ? undefined : literalNumber(size);
  if (size !== undefined && limit === undefined) return undefined;
  const by = order.length > 0 ? ` ORDER BY ${order.join(", ")}` : "";
  const item = value.type === "dynamic" ? `CAST(${value.sql} AS VARCHAR)` : value.sql;
  const list = `list(${item}${by})${notNull(value, filter)}`;
  const cut = limit === undefined ? list : `list_slice(${list}, 1, ${limit})`;
  return [scalar("dynamic", `coalesce(${jsonArray(cut, value.type)}, CAST('[]' AS JSON))`)];
};

function notNull({ sql }: Scalar, filter: string): string {
  return filter === "" ? ` FILTER (WHERE ${sql} IS NOT NULL)` : `${filter.slice(0, -1)} AND ${sql} IS NOT NULL)`;
}

/** A list of values of a type (of JSON texts, for dynamics) as a JSON array. */
function jsonArray(list: string, type: KustoType): string {
  if (type === "dynamic") return `CAST('[' || array_to_string(${list}, ',') || ']' AS JSON)`;
  return `to_json(list_transform(${list}, lambda x: ${toDynamic(scalar(type, "x")).sql}))`;
}

/** Any will do; the greatest is the same whatever the order of rows, and neither null nor empty where others are not. */
const takeAny: Filtered = (values, filter) =>
  values.map((value) => {
    const sql =
      value.type === "dynamic"
        ? `CAST(max(CAST(${value.sql} AS VARCHAR))${filter} AS JSON)`
        : `max(${value.sql})${filter}`;
    return scalar(value.type, value.type === "string" ? `coalesce(${sql}, '')` : sql);
  });

/** The row with the extreme value; of several such rows always the same. */
const argExtreme =
  (sqlFunction: "min" | "max"): Aggregate =>
  ([by, ...values]) => {
    if (!by) return undefined;
    const fields = [by, ...values].map(
      ({ sql, type }, index) => `"f${index}" := ${type === "dynamic" ? `CAST(${sql} AS VARCHAR)` : sql}`,
    );
    const row = `${sqlFunction}(struct_pack(${fields.join(", ")})) FILTER (WHERE ${by.sql} IS NOT NULL)`;
    return [by, ...values].map(({ type }, index) => {
      const field = `struct_extract(${row}, 'f${index}')`;
      if (type === "dynamic") return scalar(type, `CAST(${field} AS JSON)`);
      return scalar(type, type === "string" ? `coalesce(${field}, '')` : field);
    });
  };

/** The nearest rank; nulls are passed over. */
const percentiles: Aggregate = ([value, ...ranks]) => {
  if (!value || value.type === "string" || value.type === "dynamic" || value.type === "bool" || ranks.length === 0)
    return undefined;
  const numbers = ranks.map(literalNumber);
  if (numbers.some((rank) => rank === undefined || rank < 0 || rank > 100)) return undefined;
  // The parser gives an int's percentile the type long.
  const type = value.type === "int" ? "long" : value.type;
  return numbers.map((rank) => scalar(type, `quantile_disc(${widened(value, type).sql}, ${rank! / 100})`));
};

const spread =
  (sqlFunction: string): Filtered =>
  ([value], filter) =>
    value && isNumber(value.type) ? [scalar("real", `coalesce(${sqlFunction}(${value.sql})${filter}, 0)`)] : undefined;

/** The aggregates that the engine covers, by name. */
export const aggregates: Record<string, Aggregate> = {
  count: always(count),
  countif: when(count, 0),
  sum: always(sum),
  sumif: when(sum),
  avg: always(avg),
  avgif: when(avg),
  min: always(extreme("min")),
  minif: when(extreme("min")),
  max: always(extreme("max")),
  maxif: when(extreme("max")),
  dcount: always(([value], filter, context) => dcount([value!], filter, context)),
  dcountif: when(([value], filter, context) => dcount([value!], filter, context)),
  count_distinct: always(dcount),
  count_distinctif: when(dcount),
  make_set: always(makeSet),
  make_set_if: when(makeSet),
  make_list: always(makeList),
  make_list_if: when(makeList),
  take_any: always(takeAny),
  take_anyif: when(takeAny),
  arg_max: argExtreme("max"),
  arg_min: argExtreme("min"),
  percentile: percentiles,
  percentiles,
  stdev: always(spread("stddev_samp")),
  stdevif: when(spread("stddev_samp")),
  variance: always(spread("var_samp")),
  varianceif: when(spread("var_samp")),
};
