import { parse } from "csv-parse/sync";
import { describe, expect, it, test } from "vitest";
import { assemblyTables } from "../tools/generate/assembly.js";
import { columnsMarkdown } from "../tools/generate/columns-markdown.js";
import { expandPath, loadSchema } from "../tools/schema.js";
import { corpusFile } from "./support/corpus.js";

const { columns } = loadSchema();

const published = corpusFile("../columns.csv", "the comparisons with the published columns");

/** Descriptions that lean on the row above them in the published list, as they read alone. */
const alone: Record<string, string> = {
  NodeName: 'The Kubernetes node: what stands after the last "/" of the node name',
  EgressFlowCount: "Of aggregated flows; else extensions.egress_flow_count (AKS)",
  UnknownDirectionFlowCount: "Of aggregated flows; else extensions.unknown_direction_flow_count (AKS)",
};

interface PublishedColumn {
  column: string;
  type: string;
  path: string;
  description: string;
}

/** The published list, with what it says by pointing at the row above written out. */
function publishedColumns(csv: string): PublishedColumn[] {
  let element = "";
  return parse<PublishedColumn>(csv, { columns: true }).map((row) => {
    if (row.path !== "same element") element = row.path.replace(/\.\w+$/, "");
    const path =
      row.path === "same element" ? `${element}.${row.column.replace("Policy", "").toLowerCase()}` : row.path;
    return { ...row, path, description: alone[row.column] ?? row.description };
  });
}

describe("the schema", () => {
  test.skipIf(!published)("says the same as the published columns", () => {
    const ours = columns.map(({ name, type, path = "", description = "" }) => ({
      column: name,
      type,
      path,
      description,
    }));
    expect(ours).toEqual(publishedColumns(published!));
  });

  it("has no column twice", () => {
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  });
});

test("expandPath gives every path that the braces stand for, in their order", () => {
  expect(expandPath("time")).toEqual(["time"]);
  expect(expandPath("l4.{TCP,UDP}.source_port")).toEqual(["l4.TCP.source_port", "l4.UDP.source_port"]);
  expect(expandPath("{a,b}.{c,d}")).toEqual(["a.c", "a.d", "b.c", "b.d"]);
});

test("only dynamic columns may be marked as repeating", () => {
  const schema = loadSchema();
  schema.columns[1]!.repeats = true;
  expect(() => assemblyTables(schema)).toThrow('Verdict: only values of dynamic columns are kept; remove "repeats"');
});

test.each([
  [{ from: "sauce", to: "source" }, 'runs: keyOrder\'s flow has no key "sauce"'],
  [{ from: "source", to: "sauce" }, 'runs: keyOrder\'s flow has no key "sauce"'],
  [{ from: "source", to: "source", toldBy: "SourceIp" }, 'runs: there is no column "SourceIp" to tell "source" by'],
])("a run that is misspelt is refused: %j", (run, message) => {
  const schema = loadSchema();
  schema.runs.push(run);
  expect(() => assemblyTables(schema)).toThrow(message);
});

describe("docs/columns.md", () => {
  it("has a line for every column, in their order", () => {
    const names = [...columnsMarkdown(loadSchema()).matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(names).toEqual(columns.map(({ name }) => name));
  });

  it("escapes what would end a cell", () => {
    const description = "a|b";
    const text = columnsMarkdown({
      columns: [{ name: "A", type: "int", description }],
      runs: [],
      exportEvents: [],
      keyOrder: {},
    });
    expect(text).toContain("| `A`    | int  |                  | a\\|b          |");
  });
});
