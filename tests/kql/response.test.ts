import { describe, expect, test } from "vitest";
import { isWholeJson, rowsOfResponse } from "../../tools/kusto/response.js";

// The shapes are those of learn.microsoft.com/kusto/api/rest/response-http-v1 and -v2.

const columns = [{ ColumnName: "Verdict" }, { ColumnName: "SourcePort" }];
const rows = [
  ["DROPPED", 1],
  ["FORWARDED", null],
];
const expected = [
  { Verdict: "DROPPED", SourcePort: 1 },
  { Verdict: "FORWARDED", SourcePort: null },
];
const table = { TableName: "Table_0", Columns: columns, Rows: rows };
const other = { ...table, Rows: [["AUDIT", 2]] };

describe("the rows of an answer", () => {
  test("of v1 are those of its first table", () => {
    expect(rowsOfResponse({ Tables: [table, other] })).toEqual(expected);
  });

  test("of v2 are those of the primary table, wherever it stands", () => {
    const frames = [
      { FrameType: "DataSetHeader" },
      { FrameType: "DataTable", TableKind: "QueryProperties", ...other },
      { FrameType: "DataTable", TableKind: "PrimaryResult", ...table },
      { FrameType: "DataSetCompletion" },
    ];
    expect(rowsOfResponse(frames)).toEqual(expected);
  });

  test("which reports an error among its rows are the rows", () => {
    expect(rowsOfResponse({ Tables: [{ ...table, Rows: [rows[0], { OneApiErrors: [] }, rows[1]] }] })).toEqual(
      expected,
    );
  });

  test("which is a list of objects are these, be it empty", () => {
    expect(rowsOfResponse(expected)).toEqual(expected);
    expect(rowsOfResponse([])).toEqual([]);
  });

  test.each([
    ["null", null],
    ["a number", 1],
    ["an object", {}],
    ["an object without tables", { Tables: [] }],
    ["a table without rows", { Tables: [{ Columns: columns }] }],
    ["a table without columns", { Tables: [{ Rows: rows }] }],
    ["a table that is a list", { Tables: [rows] }],
    ["a table that is null", { Tables: [null] }],
    ["frames without a primary table", [{ FrameType: "DataSetHeader" }, { FrameType: "DataTable", ...table }]],
    ["rows and a frame", [{ Verdict: "DROPPED" }, { FrameType: "DataSetCompletion" }]],
    ["a list of lists", rows],
    ["a list with a null", [{ Verdict: "DROPPED" }, null]],
    ["a list with a text", [{ Verdict: "DROPPED" }, "x"]],
  ])("there are none in %s", (_, value) => {
    expect(rowsOfResponse(value)).toBeUndefined();
  });
});

describe("a file is one JSON value", () => {
  test.each(["[", '[{"Verdict":"DROPPED"}]', "  [", "{", " { ", '{"Tables":[]}', '{ "Tables": ['])(
    "that begins with %s",
    (line) => {
      expect(isWholeJson(line)).toBe(true);
    },
  );

  test.each(['{"Verdict":"DROPPED"}', '{"x":{"Tables":1}}', '{"a":[', "x [", 'x{"Tables"', ""])(
    "not one that begins with %s",
    (line) => {
      expect(isWholeJson(line)).toBe(false);
    },
  );
});
