import { quoted, scalar, type Scalar } from "./value.js";
import type { ScalarFunction } from "./scalar-functions.js";

const ticksPer = { hour: 36_000_000_000, day: 864_000_000_000, week: 6_048_000_000_000 };

/** 0001-01-01, where ticks begin, is a Monday; weeks begin on Sunday. */
const weekOffset = ticksPer.day;

const aligned = (value: string, size: number, shift = 0) =>
  shift === 0 ? `kusto_bin_integer(${value}, ${size})` : `(kusto_bin_integer(${value} + ${shift}, ${size}) - ${shift})`;
const truncated = (value: string, part: string) => `kusto_ticks(date_trunc('${part}', kusto_timestamp(${value})))`;
const later = (value: string, count: string, part: string) =>
  `kusto_ticks(kusto_timestamp(${value}) + to_${part}s(CAST(${count} AS INTEGER)))`;

const starts: Record<string, (value: string) => string> = {
  day: (value) => aligned(value, ticksPer.day),
  week: (value) => aligned(value, ticksPer.week, weekOffset),
  month: (value) => truncated(value, "month"),
  year: (value) => truncated(value, "year"),
};

const moved: Record<string, (value: string, count: string) => string> = {
  day: (value, count) => `(${value} + ${count} * ${ticksPer.day})`,
  week: (value, count) => `(${value} + ${count} * ${ticksPer.week})`,
  month: (value, count) => later(value, count, "month"),
  year: (value, count) => later(value, count, "year"),
};

/** `startofday(datetime[, offset])` and `endofday`, the last tick before the next start. */
function boundary(part: string, isEnd: boolean): ScalarFunction {
  return ([value, offset]) => {
    if (value?.type !== "datetime") return undefined;
    const start = starts[part]!(value.sql);
    const count = offset ? offset.sql : "0";
    if (!isEnd) return scalar("datetime", offset ? moved[part]!(start, count) : start);
    return scalar("datetime", `(${moved[part]!(start, `(${count} + 1)`)} - 1)`);
  };
}

const part =
  (name: string): ScalarFunction =>
  ([value]) =>
    value?.type === "datetime"
      ? scalar("int", `CAST(date_part('${name}', kusto_timestamp(${value.sql})) AS INTEGER)`)
      : undefined;

const ticksPerUnit: Record<string, number> = {
  week: ticksPer.week,
  day: ticksPer.day,
  hour: ticksPer.hour,
  minute: 600_000_000,
  second: 10_000_000,
  millisecond: 10_000,
  microsecond: 10,
};

/** How many boundaries of a unit lie between two times. */
const datetimeDiff: ScalarFunction = ([unit, first, second]) => {
  const name = unit?.text?.toLowerCase();
  if (name === undefined || first?.type !== "datetime" || second?.type !== "datetime") return undefined;
  const ticks = ticksPerUnit[name];
  if (ticks !== undefined) {
    const count = (value: string) => `((${value} + ${name === "week" ? weekOffset : 0}) // ${ticks})`;
    return scalar("long", `(${count(first.sql)} - ${count(second.sql)})`);
  }
  if (!["month", "quarter", "year"].includes(name)) return undefined;
  return scalar("long", `date_diff('${name}', kusto_timestamp(${second.sql}), kusto_timestamp(${first.sql}))`);
};

const datetimeAdd: ScalarFunction = ([unit, count, value]) => {
  const name = unit?.text?.toLowerCase();
  if (name === undefined || !count || value?.type !== "datetime") return undefined;
  const ticks = ticksPerUnit[name];
  if (ticks !== undefined) return scalar("datetime", `(${value.sql} + ${count.sql} * ${ticks})`);
  return name === "month" || name === "year" ? scalar("datetime", later(value.sql, count.sql, name)) : undefined;
};

const datetimePart: ScalarFunction = ([unit, value]) => {
  const names: Record<string, string> = {
    year: "year",
    quarter: "quarter",
    month: "month",
    day: "day",
    dayofyear: "dayofyear",
    hour: "hour",
    minute: "minute",
    second: "second",
  };
  const name = unit?.text === undefined ? undefined : names[unit.text.toLowerCase()];
  return name !== undefined && value ? part(name)([value], { now: "" }) : undefined;
};

const formats: Record<string, string> = {
  yyyy: "%Y",
  yy: "%y",
  MM: "%m",
  M: "%-m",
  dd: "%d",
  d: "%-d",
  HH: "%H",
  H: "%-H",
  hh: "%I",
  h: "%-I",
  mm: "%M",
  m: "%-M",
  ss: "%S",
  s: "%-S",
  tt: "%p",
};

/** A literal format of the letters that the service documents, with its delimiters. */
const formatDatetime: ScalarFunction = ([value, format]) => {
  if (value?.type !== "datetime" || format?.text === undefined) return undefined;
  const pieces: string[] = [];
  for (const [token] of format.text.matchAll(/([A-Za-z])\1*|[^A-Za-z]+/g)) {
    if (/^(f{1,7}|F{1,7})$/.test(token)) {
      const digits = `substr(lpad(CAST(${value.sql} % 10000000 AS VARCHAR), 7, '0'), 1, ${token.length})`;
      // Of a capital F the zeros at the end are left out.
      pieces.push(token.startsWith("F") ? `rtrim(${digits}, '0')` : digits);
    } else if (formats[token] !== undefined) {
      pieces.push(`strftime(kusto_timestamp(${value.sql}), '${formats[token]}')`);
    } else if (/^[- /_:,.[\]]+$/.test(token)) pieces.push(quoted(token));
    else return undefined;
  }
  return pieces.length === 0 ? undefined : scalar("string", `coalesce(${pieces.join(" || ")}, '')`);
};

const unixTime =
  (ticks: number): ScalarFunction =>
  ([value]) =>
    value && ["int", "long", "real"].includes(value.type)
      ? scalar("datetime", `(621355968000000000 + CAST(${value.sql} * ${ticks} AS BIGINT))`)
      : undefined;

/** DuckDB counts microseconds: the seconds, which may have a digit more, are added. */
const makeDatetime: ScalarFunction = (args: Scalar[]) => {
  if (args.length < 3 || args.some(({ type }) => type !== "int" && type !== "long" && type !== "real"))
    return undefined;
  const [year, month, day, hour = "0", minute = "0", second = "0"] = args.map(({ sql }) => sql);
  const parts = [year, month, day, hour, minute].map((sql) => `CAST(${sql} AS BIGINT)`);
  const wholeMinute = `kusto_ticks(TRY(make_timestamp(${parts.join(", ")}, 0)))`;
  const ticks = `CAST(round(CAST(${second} AS DOUBLE) * 10000000) AS BIGINT)`;
  return scalar("datetime", `CASE WHEN ${second} >= 0 AND ${second} < 60 THEN ${wholeMinute} + ${ticks} END`);
};

/** Functions of dates and times, by name. */
export const dateFunctions: Record<string, ScalarFunction> = {
  ...Object.fromEntries(
    Object.keys(starts).flatMap((name) => [
      [`startof${name}`, boundary(name, false)],
      [`endof${name}`, boundary(name, true)],
    ]),
  ),
  dayofweek: ([value]) =>
    value?.type === "datetime"
      ? scalar("timespan", `((${value.sql} // ${ticksPer.day} + 1) % 7 * ${ticksPer.day})`)
      : undefined,
  dayofmonth: part("day"),
  dayofyear: part("dayofyear"),
  hourofday: part("hour"),
  monthofyear: part("month"),
  getmonth: part("month"),
  getyear: part("year"),
  datetime_diff: datetimeDiff,
  datetime_add: datetimeAdd,
  datetime_part: datetimePart,
  format_datetime: formatDatetime,
  make_datetime: makeDatetime,
  unixtime_seconds_todatetime: unixTime(10_000_000),
  unixtime_milliseconds_todatetime: unixTime(10_000),
};
