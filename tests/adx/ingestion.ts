import type { AdxType } from "../../tools/schema.js";
import type { MappingEntry } from "./mapping.js";

/** A row of the table: a value for each column, null where ADX stores null (strings are empty instead). */
export type TypedRow = Record<string, unknown>;

const MEBIBYTE = 1 << 20;

/** A row as Fluent Bit's azure_kusto output sends it with `log_key log` and without tag and timestamp. */
export function wrap(row: object): string {
  return JSON.stringify({ log: row });
}

/**
 * What ADX stores for a line of JSON, by its documentation: a missing path or a value that doesn't fit the column's type
 * gives null. Where the documentation is silent (text in a number column, more than seven fraction digits) the model
 * takes the worse case, null.
 */
export function ingest(line: string, mapping: MappingEntry[], types: Record<string, AdxType>): TypedRow {
  const record: unknown = JSON.parse(line);
  return Object.fromEntries(
    mapping.map(({ column, Properties }) => [column, store(types[column]!, valueAt(record, Properties.Path))]),
  );
}

/** Follows `$.a.b`, `['a']` and `[0]`. */
function valueAt(record: unknown, path: string): unknown {
  const steps = path.slice(1).match(/\.[^.[]+|\['[^']*'\]|\[\d+\]/g) ?? [];
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null) return undefined;
    const key = step.startsWith(".") ? step.slice(1) : step.slice(1, -1).replace(/^'|'$/g, "");
    return (value as Record<string, unknown>)[key];
  }, record);
}

function store(type: AdxType, value: unknown): unknown {
  if (value === undefined || value === null) return type === "string" ? "" : null;
  switch (type) {
    case "string":
      return Buffer.from(typeof value === "string" ? value : JSON.stringify(value))
        .subarray(0, MEBIBYTE)
        .toString();
    case "bool":
      return typeof value === "boolean" ? value : null;
    case "int":
      return isInteger(value, 31) ? value : null;
    case "long":
      return isInteger(value, 63) ? value : null;
    case "datetime":
      return typeof value === "string" && isDatetime(value) ? value : null;
    case "dynamic":
      return Buffer.byteLength(JSON.stringify(value)) <= MEBIBYTE ? value : null;
  }
}

function isInteger(value: unknown, bits: number): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** bits;
}

function isDatetime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/i.test(text) && !Number.isNaN(Date.parse(text));
}
