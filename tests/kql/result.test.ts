import { expect, test } from "vitest";
import { readResult, rowJson, valueText } from "../../tools/kusto/result.js";
import type { KustoType } from "../../tools/kusto/translate/value.js";

/** A result of one row with a column of each type. */
function resultOf(row: [KustoType, unknown][]) {
  const columns = row.map(([type], index) => ({ name: `c"${index}`, type, sql: "x" }));
  return readResult(columns, [row.map(([, value]) => value)]);
}

test("DuckDB's values are KQL's", () => {
  const { columns, rows } = resultOf([
    ["datetime", 0n],
    ["timespan", -10_000_000n],
    ["long", 9_007_199_254_740_991n],
    ["long", 9_007_199_254_740_992n],
    ["long", -9_007_199_254_740_992n],
    ["int", 7],
    ["real", 1.5],
    ["bool", false],
    ["string", ""],
    ["dynamic", "[1]"],
    ["long", null],
    ["datetime", undefined],
  ]);
  expect(columns[1]).toEqual({ name: 'c"1', type: "timespan" });
  expect(rows).toEqual([
    [
      "0001-01-01T00:00:00Z",
      "-00:00:01",
      9_007_199_254_740_991,
      9_007_199_254_740_992n,
      -9_007_199_254_740_992n,
      7,
      1.5,
      false,
      "",
      "[1]",
      null,
      null,
    ],
  ]);
});

test("a row is JSON: dynamics as they are, large numbers whole, what is no number by name", () => {
  const result = resultOf([
    ["string", 'a"b'],
    ["dynamic", '{"x": [1.0]}'],
    ["long", 9_223_372_036_854_775_807n],
    ["real", Infinity],
    ["real", NaN],
    ["real", -0.5],
    ["bool", true],
    ["dynamic", null],
  ]);
  expect(rowJson(result, result.rows[0]!)).toBe(
    '{"c\\"0":"a\\"b","c\\"1":{"x": [1.0]},"c\\"2":9223372036854775807,"c\\"3":"Infinity","c\\"4":"NaN",' +
      '"c\\"5":-0.5,"c\\"6":true,"c\\"7":null}',
  );
});

test("as text a null is nothing, and what is false or 0 is not", () => {
  expect([null, false, 0, "", 5n].map(valueText)).toEqual(["", "false", "0", "", "5"]);
});
