import { describe, expect, test } from "vitest";
import { readCreated, splitCommands, splitQueries } from "../../tools/kusto/script.js";

describe("the commands of a file", () => {
  test("begin with a dot in the first column, and take what follows without comments", () => {
    const file = [
      "// a head",
      "text before",
      ".create table T (a: int)",
      "// of the second",
      ".create-or-alter function F() {",
      "  // inside, not in the first column",
      "  T",
      "  .x",
      "}",
      "",
      "",
    ].join("\n");
    expect(splitCommands(file)).toEqual([
      { text: ".create table T (a: int)", line: 3 },
      { text: ".create-or-alter function F() {\n  // inside, not in the first column\n  T\n  .x\n}", line: 5 },
    ]);
  });

  test("may hold fenced JSON, where neither a dot nor slashes mean anything", () => {
    const file = '.create mapping "M"\n```json\n.5\n// kept ```\n```\n// dropped\n.show tables';
    expect(splitCommands(file)).toEqual([
      { text: '.create mapping "M"\n```json\n.5\n// kept ```\n```', line: 1 },
      { text: ".show tables", line: 7 },
    ]);
  });

  test("of a file without any are none", () => {
    expect(splitCommands("// nothing\n\nT | count\n")).toEqual([]);
  });
});

describe("the queries of a file", () => {
  test("stand between blank lines, each with its line, and comments alone are none", () => {
    const file = "\n// only a comment\n// of two lines\n\n// with a query\nT\n| count\n  \n\nU | take 1\n\n";
    expect(splitQueries(file)).toEqual([
      { text: "// with a query\nT\n| count", line: 5 },
      { text: "U | take 1", line: 10 },
    ]);
  });

  test("of a file in one block are one", () => {
    expect(splitQueries("T\n| count")).toEqual([{ text: "T\n| count", line: 1 }]);
    expect(splitQueries("\n\n")).toEqual([]);
  });
});

describe("what a command creates", () => {
  test("is a table with its columns", () => {
    expect(readCreated(".create-merge table Flows (a: int,\n  b: string)\nwith (folder='x')")).toEqual({
      kind: "table",
      name: "Flows",
      columns: "(a: int,\n  b: string)",
    });
  });

  test("is a function with its parameters and its body", () => {
    const command =
      '.create-or-alter function with (folder="x", docstring="a (b)")\nFirst(a: int = 1, b: string)\n{\n  T\n}\n';
    expect(readCreated(command)).toEqual({
      kind: "function",
      name: "First",
      parameters: "(a: int = 1, b: string)",
      body: "{\n  T\n}",
    });
  });

  test("is a materialized view with its query", () => {
    const command =
      ".create-or-alter materialized-view with (backfill=true)\nView on table Flows\n{\n  T | summarize count() by a\n}";
    expect(readCreated(command)).toEqual({ kind: "view", name: "View", body: "{\n  T | summarize count() by a\n}" });
  });

  test.each([
    ".show tables",
    ".alter table T policy caching hot = 7d",
    " .create-merge table T (a: int)",
    "x .create-or-alter function with ()\nF()\n{",
    ".create-or-alter function with ()\nF()",
    ".create-or-alter materialized-view with ()\nView\n{",
    "x .create-or-alter materialized-view with ()\nView on table Flows\n{",
  ])("is nothing for %j", (command) => {
    expect(readCreated(command)).toBeUndefined();
  });
});
