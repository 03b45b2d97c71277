import { datetimeText, timespanText } from "../text/ticks.js";
import type { Column, KustoType } from "./translate/value.js";

/**
 * A value of a result: a string, bool or number; a long beyond 2^53 as a bigint; a datetime as ISO 8601 in UTC and a
 * timespan as `[-][d.]hh:mm:ss[.fffffff]`, both texts; a dynamic as its JSON text; null.
 */
export type KustoValue = string | boolean | number | bigint | null;

/** The rows that a tabular statement gives. */
export interface KustoResult {
  columns: { name: string; type: KustoType }[];
  /** In the order of the columns. */
  rows: KustoValue[][];
}

/** Reads what DuckDB gives for columns of these types. */
export function readResult(columns: readonly Column[], rows: readonly unknown[][]): KustoResult {
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => row.map((value, index) => readValue(columns[index]!.type, value))),
  };
}

function readValue(type: KustoType, value: unknown): KustoValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "datetime":
      return datetimeText(value as bigint);
    case "timespan":
      return timespanText(value as bigint);
    case "long":
      return Number.isSafeInteger(Number(value)) ? Number(value) : (value as bigint);
    default:
      return value as KustoValue;
  }
}

/** A row as a JSON object, digit for digit, dynamics as the JSON that they are; a real that is no number is its name. */
export function rowJson({ columns }: KustoResult, row: readonly KustoValue[]): string {
  const members = columns.map(({ name, type }, index) => `${JSON.stringify(name)}:${valueJson(type, row[index]!)}`);
  return `{${members.join(",")}}`;
}

function valueJson(type: KustoType, value: KustoValue): string {
  if (value === null) return "null";
  if (type === "dynamic") return value as string;
  if (typeof value === "number" && !Number.isFinite(value)) return JSON.stringify(String(value));
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

/** A value as a person reads it: a null is nothing. */
export function valueText(value: KustoValue): string {
  return value === null ? "" : String(value);
}
